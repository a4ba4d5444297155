using System.Collections.Frozen;
using DisruptorStream.Ingest;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Queries;

/// <summary>
/// YSB: views are kept, their advertisement's campaign is looked up, and views are counted by campaign in 10 s.
/// </summary>
internal sealed class CampaignCounts : Query
{
    private const int Campaigns = 100;
    private const int AdsPerCampaign = 10;
    private const int PerMillisecond = 100;
    private const int BatchEvents = 512;
    private const long WindowMilliseconds = 10_000;

    private readonly AdEvent[] _events;
    private readonly FrozenDictionary<long, int> _campaigns;

    public CampaignCounts(int events)
    {
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
                Milliseconds = index / PerMillisecond,
                Ad = ads[(int)(bits % (ulong)ads.Length)],
                User = (int)((bits >> 16) % 100),
                Page = (int)((bits >> 24) % 100),
                AdType = (byte)((bits >> 32) % 5),
                Action = (AdEvent.AdAction)((bits >> 40) % 3),
            };
        }
    }

    public override string Name => "YSB";

    public override string Description => "views by campaign, 100 campaigns of 10 ads, tumbling 10 s";

    public override string Anchor => "published: LightSaber (C++), one worker, replaying in memory, 209 to 221 M/s";

    protected override int Events => _events.Length;

    protected override QuerySink NewSink(ResultDigest digest) => new CountSink(digest, byStart: false);

    protected override StreamProcessor<int> NewProcessor(StreamProcessorOptions options, QuerySink sink) =>
        StreamProcessorBuilder.ForKeys<int>()
            .TumblingWindows(TimeSpan.FromMilliseconds(WindowMilliseconds))
            .AllowedLateness(TimeSpan.Zero)
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
