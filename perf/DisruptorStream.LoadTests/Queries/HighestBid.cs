using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Queries;

/// <summary>NEXMark q7: in each window of 10 s, the bids with the highest price.</summary>
internal sealed class HighestBid : NexmarkQuery
{
    private const int PerMillisecond = 100;
    private const int WindowMilliseconds = 10_000;

    private readonly KeyedEvent[] _bids = new KeyedEvent[512];

    public HighestBid(int events)
        : base(events, PerMillisecond)
    {
    }

    public override string Name => "q7";

    public override string Description => "NEXMark q7, bids with the highest price, tumbling 10 s at 100 k events/s";

    public override string Anchor => "published: Scotty, on sliding windows, 22 to 33 M/s";

    protected override QuerySink NewSink(ResultDigest digest) => new Join(this, digest);

    protected override StreamProcessor<int> NewProcessor(StreamProcessorOptions options, QuerySink sink) =>
        StreamProcessorBuilder.ForKeys<int>()
            .Measure("price")
            .TumblingWindows(TimeSpan.FromMilliseconds(WindowMilliseconds))
            .AllowedLateness(TimeSpan.Zero)
            .Watermarks(Explicit)
            .Aggregate(a => a.Max("highest"))
            .WithOptions(options)
            .To(sink)
            .Build();

    protected override int KeyOf(in NexmarkEvent bid) => 0;

    /// <summary>There is one key, which is known before: ready events, some hundreds at a time.</summary>
    protected override void PublishBids(
        StreamProcessor<int> processor, KeyedPublisher<int> publisher, ReadOnlySpan<NexmarkEvent> group)
    {
        using var all = processor.GetKey(0);
        while (group.Length > 0)
        {
            var count = 0;
            var part = group[..Math.Min(_bids.Length, group.Length)];
            foreach (ref readonly var next in part)
            {
                if (next.IsBid)
                    _bids[count++] = new KeyedEvent(all, TicksOf(next.Milliseconds), next.Price);
            }

            publisher.Publish(_bids.AsSpan(0, count));
            group = group[part.Length..];
        }
    }

    protected override void Loop(ResultDigest digest)
    {
        var window = 0L;
        var highest = 0L;
        var bids = new List<NexmarkEvent>();
        for (var at = 0; at < Events; at += NexmarkStream.GroupEvents)
        {
            // A group never crosses the end of a window: both are whole multiples of it.
            if (Stream.WatermarkOf(at) / WindowMilliseconds != window)
            {
                Emit(digest, window, bids);
                (window, highest) = (Stream.WatermarkOf(at) / WindowMilliseconds, 0);
            }

            foreach (ref readonly var bid in GroupAt(at))
            {
                if (!bid.IsBid || bid.Price < highest)
                    continue;
                if (bid.Price > highest)
                    bids.Clear();
                highest = bid.Price;
                bids.Add(bid);
            }
        }

        Emit(digest, window, bids);
    }

    protected override void WorkOut(ResultDigest digest)
    {
        foreach (var window in Bids.GroupBy(bid => bid.Milliseconds / WindowMilliseconds))
        {
            var highest = window.Max(bid => bid.Price);
            Emit(digest, window.Key, [.. window.Where(bid => bid.Price == highest)]);
        }
    }

    private static void Emit(ResultDigest digest, long window, List<NexmarkEvent> bids)
    {
        foreach (var bid in bids)
            digest.Add((window + 1) * WindowMilliseconds, bid.Auction, bid.Price, bid.Bidder, bid.Milliseconds, 0);
        bids.Clear();
    }

    /// <summary>The second step: the highest price joined with the window's bids, which the host has kept.</summary>
    private sealed class Join : QuerySink
    {
        private readonly HighestBid _query;
        private readonly ResultDigest _digest;
        private readonly List<NexmarkEvent> _bids = [];

        public Join(HighestBid query, ResultDigest digest)
        {
            _query = query;
            _digest = digest;
        }

        public override void OnResults(ResultBatch<int> batch)
        {
            foreach (var result in batch)
            {
                var window = result.Window.StartTicks / TimeSpan.TicksPerMillisecond / WindowMilliseconds;
                var highest = (long)result.GetDouble(0);
                const int WindowEvents = WindowMilliseconds * PerMillisecond;
                var first = (int)(window * WindowEvents);
                var kept = _query.Stream.Events.AsSpan(first, Math.Min(WindowEvents, _query.Events - first));
                foreach (ref readonly var bid in kept)
                {
                    if (bid.Price == highest)
                        _bids.Add(bid);
                }

                Emit(_digest, window, _bids);
            }
        }
    }
}
