#!/bin/sh
# Makes the models and the expected files here by the reference programs (Debian's package
# sentencepiece, 0.1.97). training.txt is text of this project; lines.txt has what is hard to encode,
# bytes that are not UTF-8 among it.
set -eu
cd "$(dirname "$0")"
reference() {
  name=$1
  shift
  spm_train --input=training.txt --model_prefix="$name" --minloglevel=2 "$@"
  rm "$name.vocab"
  spm_encode --model="$name.model" --output_format=id <lines.txt >"lines.$name.ids"
  spm_decode --model="$name.model" --input_format=id <"lines.$name.ids" >"lines.$name.txt"
}
# identity: rules of normalisation would take 240 KB
reference bpe --model_type=bpe --vocab_size=1000 --split_digits=true --byte_fallback=true \
  --normalization_rule_name=identity
reference unigram --model_type=unigram --vocab_size=600 --normalization_rule_name=identity
