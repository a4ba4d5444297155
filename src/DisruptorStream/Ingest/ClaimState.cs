namespace DisruptorStream.Ingest;

/// <summary>What a claim and all copies of it share: how many events it holds, and whether it is still open.</summary>
/// <remarks>
/// A claim lives on the stack of one thread, and so do its copies: each thread keeps the states of its claims that are
/// done for those to come, and nothing is locked. The turn tells a copy of an old claim from the present one.
/// </remarks>
internal sealed class ClaimState
{
    [ThreadStatic]
    private static ClaimState? _free;

    private ClaimState? _next;

    /// <summary>Counts the claims that this has served.</summary>
    public long Turn { get; private set; }

    /// <summary>How many events the open claim holds.</summary>
    public int Count { get; set; }

    /// <summary>The state of a new claim of the calling thread.</summary>
    public static ClaimState Rent()
    {
        if (_free is not { } state)
            return new ClaimState();
        _free = state._next;
        state._next = null;
        return state;
    }

    /// <summary>The claim is done, whichever of its copies said so.</summary>
    public void End()
    {
        Turn++;
        Count = 0;
        _next = _free;
        _free = this;
    }
}
