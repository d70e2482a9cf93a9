# Lines that are hard to encode: random characters of many kinds, words of the text that is given with
# such characters and with stray bytes among them, and random bytes. The same lines every time.
import random, sys
r = random.Random(1)
ranges = [(0x20,0x7e),(0xa0,0x24f),(0x300,0x36f),(0x370,0x52f),(0x590,0x6ff),(0x900,0xdff),(0x1100,0x11ff),(0x1e00,0x1fff),
 (0x2000,0x206f),(0x2070,0x2bff),(0x3000,0x30ff),(0x3130,0x318f),(0x4e00,0x9fff),(0xac00,0xd7a3),(0xf900,0xfaff),(0xfb00,0xfdff),
 (0xfe00,0xfe0f),(0xff00,0xffef),(0xfff0,0xffff),(0x1d400,0x1d7ff),(0x1f1e6,0x1f1ff),(0x1f300,0x1faff),(0x20000,0x2fa1f),(0xe0000,0xe01ef),(1,0x1f),(0x7f,0x9f)]
out = sys.stdout.buffer
words = open(sys.argv[1], encoding='utf-8').read().split()
for i in range(20000):
    kind = i % 4
    if kind == 0:
        line = ''.join(chr(r.randint(*r.choice(ranges))) for _ in range(r.randint(1,60))).encode('utf-8','replace')
    elif kind == 1:
        parts = []
        for _ in range(r.randint(1,20)):
            parts.append(r.choice(words) if r.random()<.6 else ''.join(chr(r.randint(*r.choice(ranges))) for _ in range(r.randint(1,4))))
            parts.append(r.choice([' ','  ','\t','','\u3000','\u200b','\r']))
        line = ''.join(parts).encode('utf-8','replace')
    elif kind == 2:
        line = bytes(r.randrange(256) for _ in range(r.randint(1,40)))
    else:
        line = bytearray(' '.join(r.choice(words) for _ in range(r.randint(1,12))).encode())
        for _ in range(r.randint(1,3)): line.insert(r.randrange(len(line)+1), r.randrange(128,256))
        line = bytes(line)
    out.write(line.replace(b'\n', b' ') + b'\n')
