using DisruptorStream.Emission.Reading;

namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>The host's end of the results, as the life cycle needs it.</summary>
internal interface IResultBuffer
{
    /// <summary>Results put in and taken out so far, together.</summary>
    long Steps { get; }

    /// <summary>The full buffer that holds emission; null for none.</summary>
    FullBuffer? Blocked { get; }

    /// <summary>The full buffer that holds emission and that nobody reads; null for none.</summary>
    FullBuffer? BlockedWithoutReader { get; }

    /// <summary>Ends all that is read from, after what is in it, with or without an error.</summary>
    void Complete(Exception? error);
}
