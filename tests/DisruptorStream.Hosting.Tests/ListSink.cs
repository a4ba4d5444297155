using DisruptorStream.Emission;

namespace DisruptorStream.Hosting.Tests;

/// <summary>Keeps results as text, and throws where it is told to.</summary>
internal sealed class ListSink : IResultSink<string>
{
    private readonly Lock _gate = new();
    private readonly List<string> _results = [];
    private int _failures;

    public IReadOnlyList<string> Results
    {
        get
        {
            lock (_gate)
                return [.. _results];
        }
    }

    /// <summary>How many of the next calls throw.</summary>
    public int Failures
    {
        get => Volatile.Read(ref _failures);
        set => Volatile.Write(ref _failures, value);
    }

    public void OnResults(ResultBatch<string> batch)
    {
        if (Failures > 0)
        {
            Failures--;
            throw new IOException("the disk is full");
        }

        lock (_gate)
        {
            foreach (var result in batch)
                _results.Add($"{result.Key} {result.Window.StartTicks} {result.GetDouble(0)}");
        }
    }
}
