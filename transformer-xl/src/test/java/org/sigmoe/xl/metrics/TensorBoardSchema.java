package org.sigmoe.xl.metrics;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;

/**
 * The part of TensorBoard's {@code event.proto} and {@code summary.proto} that is used, as protobuf
 * reads it: names, types and numbers are theirs.
 */
final class TensorBoardSchema {

  private TensorBoardSchema() {}

  static Descriptor event() {
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("event.proto")
            .setPackage("tensorboard")
            .setSyntax("proto3")
            .addMessageType(
                message(
                    "Event",
                    field("wall_time", 1, Type.TYPE_DOUBLE),
                    field("step", 2, Type.TYPE_INT64),
                    field("file_version", 3, Type.TYPE_STRING),
                    field("summary", 5, Type.TYPE_MESSAGE).setTypeName(".tensorboard.Summary"),
                    field("session_log", 7, Type.TYPE_MESSAGE)
                        .setTypeName(".tensorboard.SessionLog")))
            .addMessageType(
                message(
                        "Summary",
                        field("value", 1, Type.TYPE_MESSAGE)
                            .setLabel(Label.LABEL_REPEATED)
                            .setTypeName(".tensorboard.Summary.Value"))
                    .toBuilder()
                    .addNestedType(
                        message(
                            "Value",
                            field("tag", 1, Type.TYPE_STRING),
                            field("simple_value", 2, Type.TYPE_FLOAT))))
            .addMessageType(
                message(
                    "SessionLog",
                    field("status", 1, Type.TYPE_ENUM).setTypeName(".tensorboard.SessionStatus")))
            .addEnumType(
                EnumDescriptorProto.newBuilder()
                    .setName("SessionStatus")
                    .addValue(value("STATUS_UNSPECIFIED", 0))
                    .addValue(value("START", 1))
                    .addValue(value("STOP", 2))
                    .addValue(value("CHECKPOINT", 3)))
            .build();
    try {
      return FileDescriptor.buildFrom(file, new FileDescriptor[0]).findMessageTypeByName("Event");
    } catch (DescriptorValidationException e) {
      throw new AssertionError(e);
    }
  }

  private static DescriptorProto message(String name, FieldDescriptorProto.Builder... fields) {
    DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
    for (FieldDescriptorProto.Builder field : fields) {
      message.addField(field);
    }
    return message.build();
  }

  private static FieldDescriptorProto.Builder field(String name, int number, Type type) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .setType(type)
        .setLabel(Label.LABEL_OPTIONAL);
  }

  private static EnumValueDescriptorProto value(String name, int number) {
    return EnumValueDescriptorProto.newBuilder().setName(name).setNumber(number).build();
  }
}
