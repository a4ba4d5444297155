using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Queries;

/// <summary>NEXMark q11: how many bids each bidder makes in a session, which ends with 10 s without one.</summary>
internal sealed class UserSessions : NexmarkQuery
{
    private const int PerMillisecond = 100;
    private const long GapMilliseconds = 10_000;

    public UserSessions(int events)
        : base(events, PerMillisecond)
    {
    }

    public override string Name => "q11";

    public override string Description => "NEXMark q11, bids in each bidder's session, gap 10 s at 100 k events/s";

    public override string Anchor => "published: Hazelcast Jet 4.3, on q5, 2.1 M/s on each thread";

    protected override QuerySink NewSink(ResultDigest digest) => new CountSink(digest, byStart: true);

    protected override StreamProcessor<int> NewProcessor(StreamProcessorOptions options, QuerySink sink) =>
        StreamProcessorBuilder.ForKeys<int>()
            .SessionWindows(TimeSpan.FromMilliseconds(GapMilliseconds))
            .AllowedLateness(TimeSpan.Zero)
            .Watermarks(Explicit)
            .Aggregate(a => a.Count("bids"))
            .WithOptions(options)
            .To(sink)
            .Build();

    protected override int KeyOf(in NexmarkEvent bid) => bid.Bidder;

    /// <summary>Sessions are emitted when their bidder comes back or at the end: less than what is asked for.</summary>
    protected override void Loop(ResultDigest digest)
    {
        var sessions = new Session[Stream.Ids];
        foreach (ref readonly var bid in Stream.Events.AsSpan())
        {
            if (!bid.IsBid)
                continue;
            ref var session = ref sessions[bid.Bidder];
            if (session.Count > 0 && bid.Milliseconds - session.Last >= GapMilliseconds)
            {
                digest.AddCount(session.First, bid.Bidder, session.Count);
                session.Count = 0;
            }

            session.First = session.Count == 0 ? bid.Milliseconds : Math.Min(session.First, bid.Milliseconds);
            session.Last = session.Count == 0 ? bid.Milliseconds : Math.Max(session.Last, bid.Milliseconds);
            session.Count++;
        }

        for (var bidder = 0; bidder < sessions.Length; bidder++)
        {
            if (sessions[bidder].Count > 0)
                digest.AddCount(sessions[bidder].First, bidder, sessions[bidder].Count);
        }
    }

    protected override void WorkOut(ResultDigest digest)
    {
        foreach (var bidder in Bids.GroupBy(bid => bid.Bidder))
        {
            var times = bidder.Select(bid => bid.Milliseconds).Order().ToArray();
            var first = 0;
            for (var index = 1; index <= times.Length; index++)
            {
                if (index < times.Length && times[index] - times[index - 1] < GapMilliseconds)
                    continue;
                digest.AddCount(times[first], bidder.Key, index - first);
                first = index;
            }
        }
    }

    private struct Session
    {
        public long First;
        public long Last;
        public long Count;
    }
}
