using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Projections;
using DisruptorStream.Ingest.Streams;

namespace DisruptorStream.Tests.Ingest.Streams;

/// <summary>Blocks of events with two measures, two keys and their combination, and a filter.</summary>
internal sealed class StreamBlocks
{
    public KeyTable<Name> Names { get; } = new(10);

    public KeyTable<string> Places { get; } = new(10);

    public CompositeKeys Both { get; } = new(new KeyTable<UInt128>(10), 2);

    public StreamBlock<Published> NewBlock(int capacity = StreamBlock<Published>.MostEvents) => new(
        new StreamProjection<Published>
        {
            Fields = new SelectorFields<Published>(
                one => one.Ticks,
                [
                    new MeasureReader<Published>(one => one.Value),
                    new MeasureReader<Published>(
                        one => one.Value is 13 ? throw new TimeoutException("measure") : 2 * one.Ticks),
                ]),
            MeasureCount = 2,
            Filters = [one => one.Value > 5, one => one.Ticks > 2],
        },
        [
            new KeyReader<Published, Name>(one => one.Name, Names, capacity),
            new KeyReader<Published, string>(
                one => one.Place == "throws" ? throw new TimeoutException("key") : one.Place,
                Places,
                capacity),
        ],
        [new CompositeColumn(Both, [0, 1])],
        capacity);

    public static Published Event(long ticks, string? name = "n", string? place = "p", double value = 1) =>
        new(ticks, name is null ? null : new Name(name), place, value);

    internal sealed record Published(long Ticks, Name? Name, string? Place, double Value);

    /// <summary>A key whose hash code throws where it is called so.</summary>
    internal sealed record Name(string Text)
    {
        public override int GetHashCode() =>
            Text == "throws" ? throw new TimeoutException("hash") : Text.GetHashCode(StringComparison.Ordinal);
    }
}
