namespace DisruptorStream.Ingest.Claims;

/// <summary>What a claim and all copies of it share: how many events it holds, and whether it is still open.</summary>
/// <remarks>
/// A claim lives on the stack of one thread, and so do its copies: each thread keeps the states of its claims that are
/// done for those to come, and nothing is locked. Places are counted on from claim to claim, so one comparison says
/// both: a place that lies beyond those of a claim is that of a later one.
/// </remarks>
internal sealed class ClaimState
{
    [ThreadStatic]
    private static ClaimState? _free;

    private ClaimState? _nextFree;

    /// <summary>The place of the next event of the open claim.</summary>
    public long Next { get; set; }

    /// <summary>The state of a new claim of the calling thread, whose first place is <see cref="Next"/>.</summary>
    public static ClaimState Rent()
    {
        if (_free is not { } state)
            return new ClaimState();
        _free = state._nextFree;
        state._nextFree = null;
        return state;
    }

    /// <summary>The claim is done, whichever of its copies said so.</summary>
    /// <param name="next">A place that is none of the claim's.</param>
    public void End(long next)
    {
        Next = next;
        _nextFree = _free;
        _free = this;
    }
}
