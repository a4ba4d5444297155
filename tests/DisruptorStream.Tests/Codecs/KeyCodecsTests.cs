using System.Buffers;
using System.Text;
using CsCheck;
using DisruptorStream.Codecs;

namespace DisruptorStream.Tests.Codecs;

public sealed class KeyCodecsTests
{
    [Fact]
    public void Read_AnyKeyOfABuiltInType_IsTheOneWritten()
    {
        RoundTrips(Gen.SByte, "int8");
        RoundTrips(Gen.Byte, "uint8");
        RoundTrips(Gen.Short, "int16");
        RoundTrips(Gen.UShort, "uint16");
        RoundTrips(Gen.Int, "int32");
        RoundTrips(Gen.UInt, "uint32");
        RoundTrips(Gen.Long, "int64");
        RoundTrips(Gen.ULong, "uint64");
        RoundTrips(Gen.Select(Gen.ULong, Gen.ULong, (high, low) => new UInt128(high, low)), "uint128");
        RoundTrips(Gen.Select(Gen.ULong, Gen.ULong, (high, low) => (Int128)new UInt128(high, low)), "int128");
        RoundTrips(Gen.Long.Select(number => (nint)number), "intptr");
        RoundTrips(Gen.ULong.Select(number => (nuint)number), "uintptr");
        RoundTrips(Gen.Char, "char");
        RoundTrips(Gen.Bool, "bool");
        RoundTrips(Gen.Float, "float32");
        RoundTrips(Gen.Double, "float64");
        RoundTrips(Gen.Decimal, "decimal");
        RoundTrips(Gen.Guid, "guid");
        RoundTrips(Gen.DateTime, "datetime");
        RoundTrips(Gen.DateTimeOffset, "datetimeoffset");
        RoundTrips(Gen.DateOnly, "date");
        RoundTrips(Gen.TimeOnly, "time");
        RoundTrips(Gen.TimeSpan, "timespan");
        RoundTrips(Gen.String, "string");
        RoundTrips(Gen.Char.Array[0, 20].Select(chars => new string(chars)), "string");
    }

    [Fact]
    public void Read_AnyEnum_IsTheOneWritten()
    {
        RoundTrips(Gen.Int.Select(number => (DayOfWeek)number), "enum:int32");
        RoundTrips(Gen.Byte.Select(number => (Narrow)number), "enum:uint8");
        RoundTrips(Gen.Short.Select(number => (Signed)number), "enum:int16");
        RoundTrips(Gen.ULong.Select(number => (Broad)number), "enum:uint64");
    }

    [Fact]
    public void Read_AnyTuple_IsTheOneWritten()
    {
        RoundTrips(Gen.Select(Gen.String, Gen.Int), "(string,int32)");
        RoundTrips(Gen.Int.Select(ValueTuple.Create), "(int32)");
        RoundTrips(
            Gen.Select(Gen.ULong, Gen.Short, (broad, signed) => ((Broad)broad, (Signed)signed, DayOfWeek.Friday)),
            "(enum:uint64,enum:int16,enum:int32)");
        RoundTrips(
            Gen.Select(Gen.String, Gen.Int, Gen.Guid, (text, number, guid) => (text, (number, (guid, text)), true)),
            "(string,(int32,(guid,string)),bool)");
        RoundTrips(
            Gen.Select(Gen.String, Gen.Int, (text, n) => (n, text, n + 1, n + 2, n + 3, n + 4, n + 5, text, n + 6)),
            "(int32,string,int32,int32,int32,int32,int32,(string,int32))");
        RoundTrips(
            Gen.Select(
                Gen.Int, Gen.Bool, (n, some) => (some ? n : (int?)null, some ? DayOfWeek.Monday : default(DayOfWeek?))),
            "(int32?,enum:int32?)");
        RoundTrips(Gen.Bool.Select(some => (some ? "" : null, 1)), "(string,int32)");
        RoundTrips(Gen.Int.Select(n => (new Own(n), n)), "(own,int32)");
    }

    /// <summary>The look of a key comes back too, not only what makes it equal to others.</summary>
    [Fact]
    public void Read_WhatEqualityOverlooks_ComesBack()
    {
        Assert.Equal("1.500", $"{Copy(1.500m):G}");
        Assert.Equal(DateTimeKind.Utc, Copy(new DateTime(5, DateTimeKind.Utc)).Kind);
        var offset = TimeSpan.FromHours(-3);
        Assert.Equal(offset, Copy(new DateTimeOffset(2020, 1, 1, 0, 0, 0, offset)).Offset);
        Assert.True(double.IsNegative(Copy(-0.0)));
    }

    [Fact]
    public void Write_Golden_IsWhatEveryVersionWrites()
    {
        Assert.Equal("05-C3-A9", Hex("é"));
        Assert.Equal("01-01", Hex(("", Narrow.Second)));
        Assert.Equal("06-00-D8", Hex("\uD800"));
        Assert.Equal("00-01-00-00-00", Hex(((string?)null, 1)));
        Assert.Equal("D6-FF-FF-FF", Hex(-42));
        Assert.Equal(
            "33-22-11-00-55-44-77-66-88-99-AA-BB-CC-DD-EE-FF",
            Hex(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")));
    }

    [Fact]
    public void Read_AnyBytes_IsAKeyOrRefused() => Gen.Byte.Array[0, 24].Sample(bytes =>
    {
        ReadOrRefuse<string>(bytes);
        ReadOrRefuse<bool>(bytes);
        ReadOrRefuse<decimal>(bytes);
        ReadOrRefuse<DateTime>(bytes);
        ReadOrRefuse<DateTimeOffset>(bytes);
        ReadOrRefuse<DateOnly>(bytes);
        ReadOrRefuse<TimeOnly>(bytes);
        ReadOrRefuse<Broad>(bytes);
        ReadOrRefuse<(string, int?, (char, Guid))>(bytes);
    });

    [Fact]
    public void Find_TypeWithACodecOfItsOwn_IsThatOne()
    {
        Assert.Equal("own", KeyCodecs.Require<Own>().Name);
        Assert.Same(KeyCodecs.Find<Own>(), KeyCodecs.Require<Own>());
        Assert.Equal(new Own(7), Copy(new Own(7)));
    }

    [Theory]
    [MemberData(nameof(TypesWithout))]
    public void Require_TypeWithout_SaysWhy(Action require, string reason)
    {
        var message = Assert.Throws<NotSupportedException>(require).Message;
        Assert.Contains(reason, message);
        Assert.Contains("WithKeyCodec", message);
    }

    public static TheoryData<Action, string> TypesWithout => new()
    {
        { () => KeyCodecs.Require<Unmarked>(), "is not marked with [KeyCodec]" },
        { () => KeyCodecs.Require<(int, Unmarked)>(), "Item2 of System.ValueTuple`2" },
        { () => KeyCodecs.Require<Forgotten>(), "no codec was generated" },
        { () => KeyCodecs.Require<Wrong>(), "does not implement IKeyCodec<Wrong>" },
        { () => KeyCodecs.Require<NoCodec>(), "does not implement IKeyCodec<NoCodec>" },
        { () => KeyCodecs.Require<Uncreatable>(), "cannot be created" },
    };

    [Fact]
    public void Require_MarkedTypeWithoutAGeneratedCodec_DoesNotAskForTheMark()
    {
        var message = Assert.Throws<NotSupportedException>(() => KeyCodecs.Require<Forgotten>()).Message;

        Assert.Contains("OutputItemType=\"Analyzer\"", message);
        Assert.DoesNotContain("mark the type", message);
        Assert.Contains("mark it", Assert.Throws<NotSupportedException>(() => KeyCodecs.Require<Unmarked>()).Message);
    }

    [Fact]
    public void Find_TypeWithout_IsNull() => Assert.Null(KeyCodecs.Find<Unmarked>());

    private static void RoundTrips<TKey>(Gen<TKey> anyKey, string name)
        where TKey : notnull
    {
        var codec = KeyCodecs.Require<TKey>();
        Assert.Equal(name, codec.Name);
        anyKey.Array[0, 5].Sample(
            keys =>
            {
                var output = new ArrayBufferWriter<byte>();
                foreach (var key in keys)
                    codec.Write(key, output);
                var rest = output.WrittenSpan;
                foreach (var key in keys)
                {
                    Assert.Equal(key, codec.Read(rest, out var bytesRead));
                    for (var length = 0; keys.Length == 1 && length < bytesRead; length++)
                        Assert.Throws<InvalidDataException>(() => codec.Read(output.WrittenSpan[..length], out _));
                    rest = rest[bytesRead..];
                }

                Assert.True(rest.IsEmpty);
            },
            iter: 100);
    }

    private static TKey Copy<TKey>(TKey key)
        where TKey : notnull
    {
        var output = new ArrayBufferWriter<byte>();
        KeyCodecs.Require<TKey>().Write(key, output);
        return KeyCodecs.Require<TKey>().Read(output.WrittenSpan, out _);
    }

    private static string Hex<TKey>(TKey key)
        where TKey : notnull
    {
        var output = new ArrayBufferWriter<byte>();
        KeyCodecs.Require<TKey>().Write(key, output);
        return BitConverter.ToString(output.WrittenSpan.ToArray());
    }

    private static void ReadOrRefuse<TKey>(byte[] bytes)
        where TKey : notnull
    {
        try
        {
            KeyCodecs.Require<TKey>().Read(bytes, out var bytesRead);
            Assert.InRange(bytesRead, 0, bytes.Length);
        }
        catch (InvalidDataException exception)
        {
            Assert.Contains("The bytes are no key of the form", exception.Message);
        }
    }

    private enum Narrow : byte
    {
        First,
        Second,
    }

    private enum Signed : short;

    private enum Broad : ulong;

    private readonly record struct Unmarked(int Number);

    [KeyCodec]
    private readonly record struct Forgotten(int Number);

    [KeyCodec(typeof(OwnCodec))]
    private readonly record struct Wrong(int Number);

    [KeyCodec(typeof(StringBuilder))]
    private readonly record struct NoCodec(int Number);

    [KeyCodec(typeof(Stream))]
    private readonly record struct Uncreatable(int Number);

    [KeyCodec(typeof(OwnCodec))]
    private readonly record struct Own(int Number);

    private sealed class OwnCodec : IKeyCodec<Own>
    {
        public string Name => "own";

        public void Write(Own key, IBufferWriter<byte> output) => KeyCodecs.Require<int>().Write(key.Number, output);

        public Own Read(ReadOnlySpan<byte> source, out int bytesRead) =>
            new(KeyCodecs.Require<int>().Read(source, out bytesRead));
    }
}
