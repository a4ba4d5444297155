using DisruptorStream.Ingest;
using DisruptorStream.Watermarks;

namespace DisruptorStream.LoadTests.Queries;

/// <summary>A query over the bids of NEXMark.</summary>
internal abstract class NexmarkQuery : Query
{
    private const int ClaimEvents = 512;

    protected NexmarkQuery(int events, int perMillisecond) => Stream = new NexmarkStream(events, perMillisecond);

    /// <summary>The source says how far it has come: at the start of each group.</summary>
    protected static WatermarkOptions Explicit { get; } = new() { MaxOutOfOrderness = null };

    protected override int Events => Stream.Events.Length;

    protected NexmarkStream Stream { get; }

    protected IEnumerable<NexmarkEvent> Bids => Stream.Events.Where(next => next.IsBid);

    protected override void Publish(StreamProcessor<int> processor, KeyedPublisher<int> publisher)
    {
        for (var at = 0; at < Events; at += NexmarkStream.GroupEvents)
        {
            publisher.AdvanceWatermark(TicksOf(Stream.WatermarkOf(at)));
            PublishBids(processor, publisher, GroupAt(at));
        }
    }

    /// <summary>Whatever keys come, each is looked up.</summary>
    protected virtual void PublishBids(
        StreamProcessor<int> processor, KeyedPublisher<int> publisher, ReadOnlySpan<NexmarkEvent> group)
    {
        while (group.Length > 0)
        {
            using var claim = publisher.Claim(Math.Min(ClaimEvents, group.Length));
            var taken = 0;
            while (taken < group.Length && claim.Count < claim.Capacity)
            {
                ref readonly var next = ref group[taken++];
                if (next.IsBid)
                    claim.Add(KeyOf(next), TicksOf(next.Milliseconds), ValueOf(next));
            }

            claim.Publish();
            group = group[taken..];
        }
    }

    protected ReadOnlySpan<NexmarkEvent> GroupAt(int at) =>
        Stream.Events.AsSpan(at, Math.Min(NexmarkStream.GroupEvents, Events - at));

    protected abstract int KeyOf(in NexmarkEvent bid);

    protected virtual double ValueOf(in NexmarkEvent bid) => 1;
}
