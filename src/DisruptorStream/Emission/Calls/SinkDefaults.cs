namespace DisruptorStream.Emission.Calls;

/// <summary>Tells apart who does nothing with a call, so that it need not be made again.</summary>
internal static class SinkDefaults
{
    [ThreadStatic]
    private static object? _ignoring;

    /// <summary>Called by the default body of a call.</summary>
    public static void NoteIgnored(object sink) => _ignoring = sink;

    /// <summary>Whether the sink itself did nothing with the call that has just returned on this thread.</summary>
    /// <remarks>A sink that hands the call on to another one has done something.</remarks>
    public static bool TakeIgnored(object sink)
    {
        var isIgnored = ReferenceEquals(_ignoring, sink);
        _ignoring = null;
        return isIgnored;
    }
}
