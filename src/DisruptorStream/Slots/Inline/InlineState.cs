namespace DisruptorStream.Slots.Inline;

/// <summary>Who has the ring of a processor without threads.</summary>
internal static class InlineState
{
    public const int Free = 0;

    /// <summary>A call is under way: its thread may be in the stages, or in a sink.</summary>
    public const int Held = 1;

    /// <summary>A claim of the host's is open: nobody is in the stages.</summary>
    public const int Open = 2;

    /// <summary>As <see cref="Held"/>, and the processor ends when that call leaves.</summary>
    public const int Ending = 3;

    /// <summary>Nobody gets in any more: the stages may be freed.</summary>
    public const int Ended = 4;

    /// <summary>
    /// A thread of the engine is in the stages beside the host's calls, and not for long: who calls meanwhile waits for
    /// it.
    /// </summary>
    public const int Beside = 5;
}
