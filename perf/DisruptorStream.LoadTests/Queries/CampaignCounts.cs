using System.Collections.Frozen;
using DisruptorStream.Ingest;
using DisruptorStream.LoadTests.Workloads;
using DisruptorStream.Watermarks;

namespace DisruptorStream.LoadTests.Queries;

/// <summary>
/// YSB: views are kept, their advertisement's campaign is looked up, and views are counted by campaign in 10 s.
/// </summary>
/// <remarks>
/// Skewed as its authors offer: every event by more than -50 ms and up to 50 ms, and one in 100,000 by up to 60 s. The
/// watermark waits for the former; for the latter windows stay, and come again.
/// </remarks>
internal sealed class CampaignCounts : Query
{
    private const int Campaigns = 100;
    private const int AdsPerCampaign = 10;
    private const int PerMillisecond = 100;
    private const int BatchEvents = 512;
    private const long WindowMilliseconds = 10_000;
    private const long SkewMilliseconds = 50;
    private const long LateMilliseconds = 60_000;
    private const ulong EventsPerLate = 100_000;

    private readonly bool _isSkewed;
    private readonly AdEvent[] _events;
    private readonly FrozenDictionary<long, int> _campaigns;

    public CampaignCounts(int events, bool isSkewed = false)
    {
        _isSkewed = isSkewed;
        var random = new XorShift();
        var ads = new long[Campaigns * AdsPerCampaign];
        for (var ad = 0; ad < ads.Length; ad++)
            ads[ad] = (long)random.Next();
        _campaigns = ads.Select((ad, index) => (ad, index / AdsPerCampaign)).ToFrozenDictionary(
            pair => pair.ad, pair => pair.Item2);
        _events = new AdEvent[events];
        for (var index = 0; index < events; index++)
        {
            var bits = random.Next();
            _events[index] = new AdEvent
            {
                Milliseconds = TimeOf(index / PerMillisecond, isSkewed ? random.Next() : null),
                Ad = ads[(int)(bits % (ulong)ads.Length)],
                User = (int)((bits >> 16) % 100),
                Page = (int)((bits >> 24) % 100),
                AdType = (byte)((bits >> 32) % 5),
                Action = (AdEvent.AdAction)((bits >> 40) % 3),
            };
        }
    }

    public override string Name => _isSkewed ? "YSB-skew" : "YSB";

    public override string Description => "views by campaign, 100 campaigns of 10 ads, tumbling 10 s"
        + (_isSkewed ? ", times off by up to 50 ms, 1 in 100,000 up to 60 s late" : "");

    public override string Anchor => "published: LightSaber (C++), one worker, replaying in memory, 209 to 221 M/s";

    protected override int Events => _events.Length;

    protected override QuerySink NewSink(ResultDigest digest) =>
        _isSkewed ? new LastCountSink(digest) : new CountSink(digest, byStart: false);

    protected override StreamProcessor<int> NewProcessor(StreamProcessorOptions options, QuerySink sink) =>
        StreamProcessorBuilder.ForKeys<int>()
            .TumblingWindows(TimeSpan.FromMilliseconds(WindowMilliseconds))
            .AllowedLateness(TimeSpan.FromMilliseconds(_isSkewed ? LateMilliseconds : 0))
            .Watermarks(new WatermarkOptions
            {
                MaxOutOfOrderness = TimeSpan.FromMilliseconds(_isSkewed ? 2 * SkewMilliseconds : 0),
            })
            .Aggregate(a => a.Count("views"))
            .WithOptions(options)
            .To(sink)
            .Build();

    protected override void Publish(StreamProcessor<int> processor, KeyedPublisher<int> publisher)
    {
        var keys = new KeyHandle[Campaigns];
        for (var campaign = 0; campaign < Campaigns; campaign++)
            keys[campaign] = processor.GetKey(campaign);
        var batch = new KeyedEvent[BatchEvents];
        var count = 0;
        foreach (ref readonly var next in _events.AsSpan())
        {
            if (next.Action != AdEvent.AdAction.View)
                continue;
            batch[count++] = new KeyedEvent(keys[_campaigns[next.Ad]], TicksOf(next.Milliseconds), 1);
            if (count < BatchEvents)
                continue;
            publisher.Publish(batch);
            count = 0;
        }

        publisher.Publish(batch.AsSpan(0, count));
    }

    protected override void Loop(ResultDigest digest)
    {
        if (_isSkewed)
        {
            LoopOverAllWindows(digest);
            return;
        }

        var counts = new long[Campaigns];
        var end = WindowMilliseconds;
        foreach (ref readonly var next in _events.AsSpan())
        {
            while (next.Milliseconds >= end)
            {
                Emit(digest, counts, end);
                end += WindowMilliseconds;
            }

            if (next.Action == AdEvent.AdAction.View)
                counts[_campaigns[next.Ad]]++;
        }

        Emit(digest, counts, end);
    }

    protected override void WorkOut(ResultDigest digest)
    {
        var groups = _events.Where(ad => ad.Action == AdEvent.AdAction.View)
            .GroupBy(ad => (Window: ad.Milliseconds / WindowMilliseconds, Campaign: _campaigns[ad.Ad]));
        foreach (var group in groups)
            digest.AddCount((group.Key.Window + 1) * WindowMilliseconds, group.Key.Campaign, group.LongCount());
    }

    /// <param name="milliseconds">When the event is sent.</param>
    /// <param name="random">How far its own time is off, unless it is not.</param>
    private static long TimeOf(long milliseconds, ulong? random)
    {
        if (random is not { } bits)
            return milliseconds;
        var off = bits % EventsPerLate == 0
            ? -(long)((bits >> 20) % (ulong)LateMilliseconds)
            : (long)((bits >> 20) % (ulong)(2 * SkewMilliseconds)) - SkewMilliseconds + 1;
        return Math.Max(0, milliseconds + off);
    }

    /// <summary>All windows stay, and are emitted at the end: less than what is asked for.</summary>
    private void LoopOverAllWindows(ResultDigest digest)
    {
        var windows = new List<long[]>();
        var counts = Array.Empty<long>();
        var window = -1L;
        foreach (ref readonly var next in _events.AsSpan())
        {
            if (next.Action != AdEvent.AdAction.View)
                continue;
            if (next.Milliseconds / WindowMilliseconds != window)
            {
                window = next.Milliseconds / WindowMilliseconds;
                while (windows.Count <= window)
                    windows.Add(new long[Campaigns]);
                counts = windows[(int)window];
            }

            counts[_campaigns[next.Ad]]++;
        }

        for (var index = 0; index < windows.Count; index++)
            Emit(digest, windows[index], (index + 1) * WindowMilliseconds);
    }

    private static void Emit(ResultDigest digest, long[] counts, long end)
    {
        for (var campaign = 0; campaign < counts.Length; campaign++)
        {
            if (counts[campaign] > 0)
                digest.AddCount(end, campaign, counts[campaign]);
        }

        Array.Clear(counts);
    }
}
