namespace DisruptorStream.Crash.Workloads;

/// <summary>Takes results as lines: query, number, and the rest. Any thread.</summary>
internal interface IResultLines
{
    /// <summary>Takes whole lines, each with its end.</summary>
    void Write(string lines);
}
