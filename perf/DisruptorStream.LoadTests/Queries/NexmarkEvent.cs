namespace DisruptorStream.LoadTests.Queries;

/// <summary>
/// An event of NEXMark, as far as these queries read it: those of persons and auctions are passed over.
/// </summary>
internal struct NexmarkEvent
{
    public long Milliseconds;
    public long Price;
    public int Auction;
    public int Bidder;

    /// <summary>Whether it is a bid.</summary>
    public readonly bool IsBid => Price > 0;
}
