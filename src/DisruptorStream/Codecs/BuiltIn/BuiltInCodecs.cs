using System.Buffers.Binary;
using System.Numerics;

namespace DisruptorStream.Codecs.BuiltIn;

/// <summary>The types that have a codec of their own from the start. All numbers are little endian.</summary>
internal static class BuiltInCodecs
{
    private static readonly Dictionary<Type, IKeyCodec> ByType = new()
    {
        [typeof(string)] = TextCodec.Instance,
        [typeof(sbyte)] = Integer<sbyte>("int8", sizeof(sbyte), isUnsigned: false),
        [typeof(byte)] = Integer<byte>("uint8", sizeof(byte), isUnsigned: true),
        [typeof(short)] = Integer<short>("int16", sizeof(short), isUnsigned: false),
        [typeof(ushort)] = Integer<ushort>("uint16", sizeof(ushort), isUnsigned: true),
        [typeof(int)] = Integer<int>("int32", sizeof(int), isUnsigned: false),
        [typeof(uint)] = Integer<uint>("uint32", sizeof(uint), isUnsigned: true),
        [typeof(long)] = Integer<long>("int64", sizeof(long), isUnsigned: false),
        [typeof(ulong)] = Integer<ulong>("uint64", sizeof(ulong), isUnsigned: true),
        [typeof(Int128)] = Integer<Int128>("int128", 16, isUnsigned: false),
        [typeof(UInt128)] = Integer<UInt128>("uint128", 16, isUnsigned: true),
        [typeof(nint)] = Number<nint>("intptr", key => key, number => checked((nint)number)),
        [typeof(nuint)] = Number<nuint>("uintptr", key => (long)(ulong)key, ToUIntPtr),
        [typeof(char)] = Integer<char>("char", sizeof(char), isUnsigned: true),
        [typeof(bool)] = new FixedCodec<bool>("bool", 1, (key, bytes) => bytes[0] = key ? (byte)1 : (byte)0, ReadBool),
        [typeof(float)] = new FixedCodec<float>(
            "float32",
            sizeof(float),
            (key, bytes) => BinaryPrimitives.WriteSingleLittleEndian(bytes, key),
            BinaryPrimitives.ReadSingleLittleEndian),
        [typeof(double)] = Number<double>(
            "float64", BitConverter.DoubleToInt64Bits, BitConverter.Int64BitsToDouble),
        [typeof(decimal)] = new FixedCodec<decimal>("decimal", 16, WriteDecimal, ReadDecimal),
        [typeof(Guid)] = new FixedCodec<Guid>(
            "guid", 16, (key, bytes) => key.TryWriteBytes(bytes), bytes => new Guid(bytes)),
        [typeof(DateTime)] = new FixedCodec<DateTime>("datetime", 9, WriteDateTime, ReadDateTime),
        [typeof(DateTimeOffset)] = new FixedCodec<DateTimeOffset>("datetimeoffset", 10, WriteOffset, ReadOffset),
        [typeof(DateOnly)] = new FixedCodec<DateOnly>("date", sizeof(int), WriteDate, ReadDate),
        [typeof(TimeOnly)] = Number<TimeOnly>("time", key => key.Ticks, ticks => new TimeOnly(ticks)),
        [typeof(TimeSpan)] = Number<TimeSpan>("timespan", key => key.Ticks, ticks => new TimeSpan(ticks)),
    };

    /// <summary>The codec of a type; null for a type that has none from the start.</summary>
    public static IKeyCodec? Find(Type type) => ByType.GetValueOrDefault(type);

    private static FixedCodec<T> Integer<T>(string name, int sizeBytes, bool isUnsigned)
        where T : struct, IBinaryInteger<T> =>
        new(
            name,
            sizeBytes,
            (key, bytes) => key.WriteLittleEndian(bytes),
            bytes => T.ReadLittleEndian(bytes, isUnsigned));

    private static FixedCodec<T> Number<T>(string name, Func<T, long> toNumber, Func<long, T> toKey) => new(
        name,
        sizeof(long),
        (key, bytes) => BinaryPrimitives.WriteInt64LittleEndian(bytes, toNumber(key)),
        bytes => toKey(BinaryPrimitives.ReadInt64LittleEndian(bytes)));

    private static nuint ToUIntPtr(long number)
    {
        var bits = (ulong)number;
        return checked((nuint)bits);
    }

    private static bool ReadBool(ReadOnlySpan<byte> bytes) =>
        bytes[0] <= 1 ? bytes[0] == 1 : throw new ArgumentException("Neither 0 nor 1.", nameof(bytes));

    private static void WriteDecimal(decimal key, Span<byte> bytes)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(key, parts);
        for (var part = 0; part < parts.Length; part++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes[(sizeof(int) * part)..], parts[part]);
    }

    private static decimal ReadDecimal(ReadOnlySpan<byte> bytes)
    {
        Span<int> parts = stackalloc int[4];
        for (var part = 0; part < parts.Length; part++)
            parts[part] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(sizeof(int) * part)..]);
        return new decimal(parts);
    }

    private static void WriteDateTime(DateTime key, Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, key.Ticks);
        bytes[sizeof(long)] = (byte)key.Kind;
    }

    private static DateTime ReadDateTime(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(bytes), (DateTimeKind)bytes[sizeof(long)]);

    private static void WriteOffset(DateTimeOffset key, Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, key.Ticks);
        BinaryPrimitives.WriteInt16LittleEndian(bytes[sizeof(long)..], (short)key.TotalOffsetMinutes);
    }

    private static DateTimeOffset ReadOffset(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64LittleEndian(bytes),
        TimeSpan.FromMinutes(BinaryPrimitives.ReadInt16LittleEndian(bytes[sizeof(long)..])));

    private static void WriteDate(DateOnly key, Span<byte> bytes) =>
        BinaryPrimitives.WriteInt32LittleEndian(bytes, key.DayNumber);

    private static DateOnly ReadDate(ReadOnlySpan<byte> bytes) =>
        DateOnly.FromDayNumber(BinaryPrimitives.ReadInt32LittleEndian(bytes));
}
