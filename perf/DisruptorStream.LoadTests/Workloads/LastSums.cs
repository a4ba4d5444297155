using DisruptorStream.Emission;

namespace DisruptorStream.LoadTests.Workloads;

/// <summary>Keeps the bits of the last windows' first metric.</summary>
internal sealed class LastSums : IResultSink<int>
{
    private readonly Queue<(long Slide, long Bits)> _last = new();
    private readonly int _capacity;

    public LastSums(int capacity) => _capacity = capacity;

    /// <summary>By the second with which the window begins.</summary>
    public Dictionary<long, long> BySlide => _last.ToDictionary(pane => pane.Slide, pane => pane.Bits);

    public void OnResults(ResultBatch<int> batch)
    {
        foreach (var result in batch)
        {
            if (_last.Count == _capacity)
                _last.Dequeue();
            _last.Enqueue((result.Window.StartTicks / TimeSpan.TicksPerSecond, result.RawValues[0]));
        }
    }
}
