namespace DisruptorStream.Emission.Calls;

/// <summary>One call of a sink, which may be made again.</summary>
internal interface ISinkCall
{
    object Sink { get; }

    /// <summary>The method, for messages; null where rows are handed over.</summary>
    string? Name { get; }

    /// <summary>Of the first row, or how far the sink has come.</summary>
    long FirstSequence { get; }

    /// <summary>Of the last row, or how far the sink has come.</summary>
    long LastSequence { get; }

    /// <summary>Whether it is the sink's last, which may come after an abort.</summary>
    bool IsLast { get; }

    void Invoke();
}
