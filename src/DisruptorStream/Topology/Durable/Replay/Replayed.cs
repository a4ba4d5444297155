namespace DisruptorStream.Topology.Durable.Replay;

/// <summary>What a recovery came to.</summary>
/// <param name="Sequence">The last slot that was there; -1 for none.</param>
/// <param name="Slots">How many were handled again.</param>
/// <param name="Arrived">Which results have arrived by now, as the journal tells it.</param>
/// <param name="Open">Opens the mark, and behind it the state; null where there was nothing.</param>
internal sealed record Replayed(long Sequence, long Slots, long[] Arrived, Func<Stream>? Open)
{
    /// <summary>There was nothing.</summary>
    public static Replayed Nothing { get; } = new(-1, 0, [], null);

    public bool IsNew => Open is null;

    /// <summary>The state, behind the mark.</summary>
    public Stream? OpenState()
    {
        var stream = Open?.Invoke();
        if (stream is not null)
            ReplayMark.Load(stream);
        return stream;
    }
}
