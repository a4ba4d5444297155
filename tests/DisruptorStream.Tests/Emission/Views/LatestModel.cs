using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Emission.Views;

/// <summary>The newest pane of each key, the obvious way.</summary>
internal sealed class LatestModel
{
    private readonly int _capacity;
    private readonly bool _perWindowLength;

    // By the time of the last change, the oldest first.
    private readonly List<(ResultHeader Row, bool IsWithdrawn)> _rows = [];

    public LatestModel(int capacity, bool perWindowLength)
    {
        _capacity = capacity;
        _perWindowLength = perWindowLength;
    }

    public int Displaced { get; private set; }

    public string[] Shown => [.. _rows
        .Select(one => one.Row)
        .Select(row =>
            $"key{row.KeyId} [{row.StartTicks}, {row.EndTicks}) #{row.PaneIndex} {row.Sequence} {row.Sequence / 2.0}")
        .Order(StringComparer.Ordinal)];

    public void Give(ResultHeader row)
    {
        var at = _rows.FindIndex(one => one.Row.KeyId == row.KeyId
            && (!_perWindowLength || one.Row.EndTicks - one.Row.StartTicks == row.EndTicks - row.StartTicks));
        if (row.Timing == PaneTiming.Retract)
        {
            if (at >= 0 && (_rows[at].Row.StartTicks, _rows[at].Row.EndTicks, _rows[at].Row.PaneIndex)
                == (row.StartTicks, row.EndTicks, row.PaneIndex))
            {
                _rows[at] = (_rows[at].Row, true);
            }

            return;
        }

        if (at >= 0 && !_rows[at].IsWithdrawn && row.EndTicks < _rows[at].Row.EndTicks)
            return;
        if (at >= 0)
        {
            _rows.RemoveAt(at);
        }
        else if (_rows.Count == _capacity)
        {
            _rows.RemoveAt(0);
            Displaced++;
        }

        _rows.Add((row, false));
    }

    public void Retire(int keyId) => _rows.RemoveAll(one => one.Row.KeyId == keyId);

    public void EndFiring() => _rows.RemoveAll(one => one.IsWithdrawn);
}
