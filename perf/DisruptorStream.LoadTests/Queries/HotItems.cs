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

    protected override void Loop(ResultDigest digest) => Loop(digest, () => new ArrayCounts(Stream.Ids), Close);

    protected override Action<ResultDigest> LoopOverUnknownKeys =>
        digest => Loop(digest, () => new DictionaryCounts([]), Close);

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

    /// <summary>Counts in slides, each of a type of its own so that counting is inlined, and closes windows.</summary>
    private void Loop<TCounts>(
        ResultDigest digest, Func<TCounts> newSlide, Action<ResultDigest, ReadOnlySpan<TCounts>, int> close)
        where TCounts : struct, ISlideCounts
    {
        var slides = new List<TCounts>();
        var next = 0;
        for (var at = 0; at < Events; at += NexmarkStream.GroupEvents)
        {
            for (; (next + 1) * SlideMilliseconds <= Stream.WatermarkOf(at); next++)
                close(digest, SlidesOf(slides, next), next);
            foreach (ref readonly var bid in GroupAt(at))
            {
                if (!bid.IsBid)
                    continue;
                var slide = (int)(bid.Milliseconds / SlideMilliseconds);
                while (slides.Count <= slide)
                    slides.Add(newSlide());
                slides[slide].Add(bid.Auction);
            }
        }

        for (; next < slides.Count + SlidesPerWindow - 1; next++)
            close(digest, SlidesOf(slides, next), next);
    }

    /// <summary>The slides of the window that ends with one of them.</summary>
    private static ReadOnlySpan<TCounts> SlidesOf<TCounts>(List<TCounts> slides, int last)
    {
        var end = Math.Min(last + 1, slides.Count);
        return CollectionsMarshal.AsSpan(slides)[Math.Clamp(last - SlidesPerWindow + 1, 0, end)..end];
    }

    private void Close(ResultDigest digest, ReadOnlySpan<ArrayCounts> slides, int last)
    {
        var sums = new int[Stream.Ids];
        foreach (ref readonly var slide in slides)
        {
            var counts = slide.Counts;
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

    private static void Close(ResultDigest digest, ReadOnlySpan<DictionaryCounts> slides, int last)
    {
        var sums = new Dictionary<int, int>();
        foreach (ref readonly var slide in slides)
        {
            foreach (var (auction, count) in slide.Counts)
                CollectionsMarshal.GetValueRefOrAddDefault(sums, auction, out _) += count;
        }

        var most = sums.Count == 0 ? 0 : sums.Values.Max();
        foreach (var (auction, sum) in sums)
        {
            if (sum == most)
                digest.AddCount((last + 1) * SlideMilliseconds, auction, most);
        }
    }

    private interface ISlideCounts
    {
        void Add(int auction);
    }

    private readonly record struct ArrayCounts(int[] Counts) : ISlideCounts
    {
        public ArrayCounts(int ids)
            : this(new int[ids])
        {
        }

        public void Add(int auction) => Counts[auction]++;
    }

    private readonly record struct DictionaryCounts(Dictionary<int, int> Counts) : ISlideCounts
    {
        public void Add(int auction) => CollectionsMarshal.GetValueRefOrAddDefault(Counts, auction, out _)++;
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
