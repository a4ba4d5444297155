using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using CsCheck;
using DisruptorStream.Codecs;

namespace DisruptorStream.Generators.Tests.Keys;

/// <summary>The codecs that were generated when these tests were compiled.</summary>
public sealed partial class GeneratedCodecTests
{
    [Fact]
    public void Read_AnyKeyOfAMarkedType_IsTheOneWritten()
    {
        RoundTrips(
            Gen.Select(Gen.String, Gen.Int, (name, number) => new Place(name, (DayOfWeek)number)),
            "[Name:string,Day:enum:int32]");
        RoundTrips(
            Gen.Select(Gen.String, Gen.Int, Gen.Bool, (name, number, some) => new Whole(
                new Place(name, DayOfWeek.Friday),
                some ? number : null,
                (name, number),
                some ? new Inner(name) : null)),
            "[Place:[Name:string,Day:enum:int32],Number:int32?,Pair:(string,int32),Inner:[Text:string]]");
        RoundTrips(
            Gen.Select(Gen.Long, Gen.Guid, (number, guid) => new Plain(number, guid)), "[_number:int64,Guid:guid]");
        RoundTrips(
            Gen.Select(Gen.Int, Gen.Char, (number, letter) => new Later { @class = number, Letter = letter }),
            "[class:int32,Letter:char]");
        RoundTrips(
            Gen.Select(Gen.String, Gen.Decimal, (name, price) => new Needed(name) { Price = price }),
            "[Name:string,Price:decimal]");
        RoundTrips(Gen.String.Select(name => new Equal(name)), "[_name:string]");
        RoundTrips(
            Gen.Select(Gen.Int, Gen.String, (number, name) => (number, new Place(name, default))),
            "(int32,[Name:string,Day:enum:int32])");
    }

    [Fact]
    public void Read_AnyBytes_IsAKeyOrRefused() => Gen.Byte.Array[0, 30].Sample(bytes =>
    {
        try
        {
            KeyCodecs.Require<Whole>().Read(bytes, out var bytesRead);
            Assert.InRange(bytesRead, 1, bytes.Length);
        }
        catch (InvalidDataException exception)
        {
            Assert.Contains("The bytes are no key of the", exception.Message);
        }
    });

    [Fact]
    public async Task Publish_KeysOfAMarkedType_AreKeysLikeOthers()
    {
        await using var processor = StreamProcessorBuilder.ForKeys<Place>()
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count"))
            .WithOptions(new() { Mode = ExecutionMode.Inline, FutureSkewLimit = null })
            .Build();
        processor.Publish(new Place("a", DayOfWeek.Monday), 1, 1);
        processor.Publish(new Place("a", DayOfWeek.Monday), 2, 1);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
        Assert.True(processor.TryReadResult(out var result));
        Assert.Equal(2, result["count"]);
    }

    private static void RoundTrips<TKey>(Gen<TKey> anyKey, string name)
        where TKey : notnull
    {
        var codec = KeyCodecs.Require<TKey>();
        Assert.Equal(name, codec.Name);
        anyKey.Sample(
            key =>
            {
                var output = new ArrayBufferWriter<byte>();
                codec.Write(key, output);
                var length = output.WrittenCount;
                output.Write("more"u8);
                Assert.Equal(key, codec.Read(output.WrittenSpan, out var bytesRead));
                Assert.Equal(length, bytesRead);
                for (var fewer = 0; fewer < length; fewer++)
                    Assert.Throws<InvalidDataException>(() => codec.Read(output.WrittenSpan[..fewer], out _));
            },
            iter: 100);
    }

    [KeyCodec]
    internal readonly partial record struct Place(string Name, DayOfWeek Day);

    [KeyCodec]
    private sealed partial record Whole(Place Place, int? Number, (string Text, int Number) Pair, Inner? Inner);

    [KeyCodec]
    private sealed partial record Inner(string? Text);

    /// <summary>Fields that a constructor sets.</summary>
    [KeyCodec]
    private readonly partial struct Plain
    {
        private readonly long _number;

        public Plain(long number, Guid guid) => (_number, Guid) = (number, guid);

        public Guid Guid { get; }

        public override string ToString() => $"{_number}";
    }

    /// <summary>Members that are set one by one, one of them named as the language's own word.</summary>
    [KeyCodec]
    private partial struct Later
    {
        public int @class;

        public char Letter { get; init; }
    }

    [KeyCodec]
    private sealed partial record Needed
    {
        [SetsRequiredMembers]
        public Needed(string name) => Name = name;

        public required string Name { get; init; }

        public decimal Price { get; init; }

        public decimal Twice => 2 * Price;
    }

    [KeyCodec]
    private sealed partial class Equal
    {
        private readonly string _name;

        public Equal(string name) => _name = name;

        public override bool Equals(object? obj) => obj is Equal other && other._name == _name;

        public override int GetHashCode() => _name.GetHashCode(StringComparison.Ordinal);
    }
}
