using DisruptorStream.Conformance.Cases;

namespace DisruptorStream.Properties.Model;

/// <summary>Rule 33: for each key, which window has its turn next, and whether it is filled.</summary>
internal sealed class GapModel
{
    private readonly FillShape _fill;
    private readonly long _size;
    private readonly long _slide;
    private readonly Dictionary<string, FilledKey> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<(string Key, long Start)> _filled = [];
    private long _newestStart = long.MinValue;

    public GapModel(FillShape fill, WindowShape shape)
    {
        _fill = fill;
        _size = shape.Size;
        _slide = shape.Kind == "tumbling" ? shape.Size : shape.Slide;
    }

    public bool HasFilled(string key, long start) => _filled.Contains((key, start));

    /// <summary>An event was accepted into a window.</summary>
    public void OnAccepted(long start) => _newestStart = Math.Max(_newestStart, start);

    /// <summary>What comes before a window that fires on time with events; the key's windows after it follow.</summary>
    public IEnumerable<Pane> OnTime(ModelWindow window)
    {
        Pane[] gaps = _keys.TryGetValue(window.Key, out var key) ? [.. Fill(window.Key, key, window.Start - 1)] : [];
        _keys[window.Key] = new FilledKey { NextStart = window.Start + _slide, Sum = window.Sum };
        return gaps;
    }

    /// <summary>What else the watermark completes.</summary>
    public IEnumerable<Pane> AdvanceTo(long watermark)
    {
        var last = watermark == long.MaxValue ? _newestStart : watermark - _size;
        return _keys.SelectMany(key => Fill(key.Key, key.Value, last)).ToList();
    }

    private IEnumerable<Pane> Fill(string name, FilledKey key, long lastStart)
    {
        for (; key.NextStart <= lastStart && key.InARow < _fill.MaxEmpty; key.NextStart += _slide, key.InARow++)
        {
            _filled.Add((name, key.NextStart));
            long? sum = _fill.With switch { "null" => null, "zero" => 0, _ => key.Sum };
            yield return new Pane(0, name, key.NextStart, key.NextStart + _size, 0, sum, "on_time", 0, IsFilled: true);
        }
    }

    private sealed class FilledKey
    {
        public required long NextStart { get; set; }

        public required long Sum { get; init; }

        public int InARow { get; set; }
    }
}
