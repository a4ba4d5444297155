namespace DisruptorStream.LoadTests.Queries;

/// <summary>
/// The events of the public generator of NEXMark: of 50, one is a person, three are auctions, the rest are bids; half
/// of the bids go to one hot auction, three quarters come from one hot bidder, and both move on.
/// </summary>
internal sealed class NexmarkStream
{
    /// <summary>
    /// Events are out of order within groups of this many; the watermark is the time of a group's start.
    /// </summary>
    public const int GroupEvents = 10_000;

    private const int Epoch = 50;
    private const int FirstBid = 4;
    private const int Shuffle = 953;
    private const int FirstId = 1000;
    private const int HotEvery = 100;

    private readonly int _perMillisecond;

    public NexmarkStream(int count, int perMillisecond)
    {
        _perMillisecond = perMillisecond;
        Events = new NexmarkEvent[count];
        for (var index = 0; index < count; index++)
        {
            var group = (long)index / GroupEvents * GroupEvents;
            Events[index] = Make(group + ((long)index * Shuffle % GroupEvents));
        }
    }

    public NexmarkEvent[] Events { get; }

    /// <summary>One more than the highest number of an auction or a person.</summary>
    public int Ids => FirstId + (3 * (Events.Length + GroupEvents) / Epoch) + 64;

    /// <summary>When the group begins, in milliseconds: nothing that follows is earlier.</summary>
    public long WatermarkOf(int groupStart) => groupStart / _perMillisecond;

    private NexmarkEvent Make(long id)
    {
        var made = new NexmarkEvent { Milliseconds = id / _perMillisecond };
        if (id % Epoch < FirstBid)
            return made;

        // The events do not depend on the order in which they come: each has random numbers of its own.
        var random = new Random((int)id);
        var lastAuction = (3 * (id / Epoch)) + 2;
        var lastPerson = id / Epoch;
        var auction = random.Next(2) > 0
            ? lastAuction / HotEvery * HotEvery
            : random.NextInt64(Math.Max(0, lastAuction - 100), lastAuction + 11);
        var active = Math.Min(lastPerson + 1, 1000);
        var bidder = random.Next(4) > 0
            ? (lastPerson / HotEvery * HotEvery) + 1
            : lastPerson + 1 - active + random.NextInt64(active + 10);
        made.Auction = (int)auction + FirstId;
        made.Bidder = (int)bidder + FirstId;
        made.Price = (long)Math.Round(Math.Pow(10, 6 * random.NextDouble()) * 100);
        return made;
    }
}
