using System.Runtime.InteropServices;
using DisruptorStream.Emission;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Queries;

/// <summary>NEXMark q5: in each window of 10 s, every 2 s, the auctions with the most bids.</summary>
internal sealed class HotItems : NexmarkQuery
{
    private const int PerMillisecond = 1000;
    private const long SlideMilliseconds = 2000;
    private const int SlidesPerWindow = 5;

    public HotItems(int events)
        : base(events, PerMillisecond)
    {
    }

    public override string Name => "q5";

    public override string Description => "NEXMark q5, auctions with the most bids, 10 s / 2 s at 1 M events/s";

    public override string Anchor => "published: Hazelcast Jet 4.3, 2.1 M/s on each thread";

    protected override QuerySink NewSink(ResultDigest digest) => new Hottest(digest);

    protected override StreamProcessor<int> NewProcessor(StreamProcessorOptions options, QuerySink sink) =>
        StreamProcessorBuilder.ForKeys<int>()
            .SlidingWindows(
                SlidesPerWindow * TimeSpan.FromMilliseconds(SlideMilliseconds),
                TimeSpan.FromMilliseconds(SlideMilliseconds))
            .AllowedLateness(TimeSpan.Zero)
            .Watermarks(Explicit)
            .Aggregate(a => a.Count("bids"))
            .WithOptions(options)
            .To(sink)
            .Build();

    protected override int KeyOf(in NexmarkEvent bid) => bid.Auction;

    protected override void Loop(ResultDigest digest)
    {
        var slides = new List<int[]>();
        var next = 0;
        for (var at = 0; at < Events; at += NexmarkStream.GroupEvents)
        {
            for (; (next + 1) * SlideMilliseconds <= Stream.WatermarkOf(at); next++)
                Close(digest, slides, next);
            foreach (ref readonly var bid in GroupAt(at))
            {
                if (!bid.IsBid)
                    continue;
                var slide = (int)(bid.Milliseconds / SlideMilliseconds);
                while (slides.Count <= slide)
                    slides.Add(new int[Stream.Ids]);
                slides[slide][bid.Auction]++;
            }
        }

        for (; next < slides.Count + SlidesPerWindow - 1; next++)
            Close(digest, slides, next);
    }

    protected override Action<ResultDigest> LoopOverUnknownKeys => digest =>
    {
        var slides = new List<Dictionary<int, int>>();
        var next = 0;
        for (var at = 0; at < Events; at += NexmarkStream.GroupEvents)
        {
            for (; (next + 1) * SlideMilliseconds <= Stream.WatermarkOf(at); next++)
                Close(digest, slides, next);
            foreach (ref readonly var bid in GroupAt(at))
            {
                if (!bid.IsBid)
                    continue;
                var slide = (int)(bid.Milliseconds / SlideMilliseconds);
                while (slides.Count <= slide)
                    slides.Add([]);
                CollectionsMarshal.GetValueRefOrAddDefault(slides[slide], bid.Auction, out _)++;
            }
        }

        for (; next < slides.Count + SlidesPerWindow - 1; next++)
            Close(digest, slides, next);
    };

    protected override void WorkOut(ResultDigest digest)
    {
        var counts = new Dictionary<(long Slide, int Auction), long>();
        foreach (var bid in Bids)
        {
            for (var slide = 0; slide < SlidesPerWindow; slide++)
            {
                var window = ((bid.Milliseconds / SlideMilliseconds) + slide, bid.Auction);
                counts[window] = counts.GetValueOrDefault(window) + 1;
            }
        }

        var most = new Dictionary<long, long>();
        foreach (var (window, count) in counts)
            most[window.Slide] = Math.Max(most.GetValueOrDefault(window.Slide), count);
        foreach (var (window, count) in counts.Where(pair => pair.Value == most[pair.Key.Slide]))
            digest.AddCount((window.Slide + 1) * SlideMilliseconds, window.Auction, count);
    }

    /// <summary>Emits the window that ends with a slide.</summary>
    private void Close(ResultDigest digest, List<int[]> slides, int last)
    {
        var sums = new int[Stream.Ids];
        for (var slide = Math.Max(0, last - SlidesPerWindow + 1); slide <= last && slide < slides.Count; slide++)
        {
            var counts = slides[slide];
            for (var auction = 0; auction < sums.Length; auction++)
                sums[auction] += counts[auction];
        }

        var most = sums.Max();
        for (var auction = 0; auction < sums.Length && most > 0; auction++)
        {
            if (sums[auction] == most)
                digest.AddCount((last + 1) * SlideMilliseconds, auction, most);
        }
    }

    private static void Close(ResultDigest digest, List<Dictionary<int, int>> slides, int last)
    {
        var sums = new Dictionary<int, int>();
        for (var slide = Math.Max(0, last - SlidesPerWindow + 1); slide <= last && slide < slides.Count; slide++)
        {
            foreach (var (auction, count) in slides[slide])
                CollectionsMarshal.GetValueRefOrAddDefault(sums, auction, out _) += count;
        }

        var most = sums.Count == 0 ? 0 : sums.Values.Max();
        foreach (var (auction, sum) in sums)
        {
            if (sum == most)
                digest.AddCount((last + 1) * SlideMilliseconds, auction, most);
        }
    }

    /// <summary>
    /// The second step: results come window by window, so the hottest are known when the next window begins.
    /// </summary>
    private sealed class Hottest : QuerySink
    {
        private readonly ResultDigest _digest;
        private readonly List<int> _auctions = [];
        private long _end;
        private long _most;

        public Hottest(ResultDigest digest) => _digest = digest;

        public override void Finish() => EmitAndBegin(long.MaxValue);

        public override void OnResults(ResultBatch<int> batch)
        {
            foreach (var result in batch)
            {
                if (result.Window.EndTicks != _end)
                    EmitAndBegin(result.Window.EndTicks);
                var bids = result.GetInt64(0);
                if (bids < _most)
                    continue;
                if (bids > _most)
                    _auctions.Clear();
                _most = bids;
                _auctions.Add(result.Key);
            }
        }

        private void EmitAndBegin(long end)
        {
            foreach (var auction in _auctions)
                _digest.AddCount(_end / TimeSpan.TicksPerMillisecond, auction, _most);
            _auctions.Clear();
            _most = 0;
            _end = end;
        }
    }
}
