using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;

namespace DisruptorStream.Codecs.BuiltIn;

/// <summary>Codecs of types that are known at run time alone: those of the parts of tuples.</summary>
internal static class PartCodec
{
    /// <summary>The codec of a type that is no tuple; null where there is none, with the reason.</summary>
    public static IKeyCodec? Find(Type type, out string reason)
    {
        reason = "";
        if (BuiltInCodecs.Find(type) is { } builtIn)
            return builtIn;
        if (type.IsEnum)
            return new EnumPart(type);
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Find(inner, out reason) is { } codec ? new NullablePart(codec) : null;
        return DeclaredCodec.Find(type, out reason);
    }

    public static string EnumName(Type type) => $"enum:{BuiltInCodecs.Find(type.GetEnumUnderlyingType())!.Name}";

    private sealed class EnumPart : IKeyCodec
    {
        private readonly Type _type;
        private readonly int _sizeBytes;

        public EnumPart(Type type)
        {
            _type = type;
            Name = EnumName(type);
            _sizeBytes = Type.GetTypeCode(type) switch
            {
                TypeCode.SByte or TypeCode.Byte => sizeof(byte),
                TypeCode.Int16 or TypeCode.UInt16 => sizeof(ushort),
                TypeCode.Int32 or TypeCode.UInt32 => sizeof(uint),
                _ => sizeof(ulong),
            };
        }

        public string Name { get; }

        public void WriteObject(object? key, IBufferWriter<byte> output)
        {
            var number = Type.GetTypeCode(_type) == TypeCode.UInt64
                ? Convert.ToUInt64(key, CultureInfo.InvariantCulture)
                : (ulong)Convert.ToInt64(key, CultureInfo.InvariantCulture);
            Span<byte> bytes = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
            output.Write(bytes[.._sizeBytes]);
        }

        public object ReadObject(ReadOnlySpan<byte> source, out int bytesRead)
        {
            bytesRead = _sizeBytes;
            if (source.Length < bytesRead)
                KeyBytes.ThrowNoKey(Name);
            Span<byte> bytes = stackalloc byte[sizeof(ulong)];
            bytes.Clear();
            source[..bytesRead].CopyTo(bytes);
            return Enum.ToObject(_type, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }
    }

    /// <summary>A value or null: a boxed value that may be null is boxed as the value is.</summary>
    private sealed class NullablePart : IKeyCodec
    {
        private readonly IKeyCodec _value;

        public NullablePart(IKeyCodec value) => _value = value;

        public string Name => $"{_value.Name}?";

        public void WriteObject(object? key, IBufferWriter<byte> output)
        {
            output.Write([key is null ? (byte)0 : (byte)1]);
            if (key is not null)
                _value.WriteObject(key, output);
        }

        public object? ReadObject(ReadOnlySpan<byte> source, out int bytesRead)
        {
            if (source.IsEmpty || source[0] > 1)
                KeyBytes.ThrowNoKey(Name);
            bytesRead = 0;
            var value = source[0] == 0 ? null : _value.ReadObject(source[1..], out bytesRead);
            bytesRead++;
            return value;
        }
    }
}
