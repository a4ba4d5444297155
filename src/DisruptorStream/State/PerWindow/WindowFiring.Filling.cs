using DisruptorStream.Saving;
using DisruptorStream.State.Filling;
using DisruptorStream.State.Firing;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.State.PerWindow;

/// <content>
/// Fires windows together with those of keys that have nothing in them, in the order of windows and keys.
/// </content>
internal sealed unsafe partial class WindowFiring
{
    private readonly long[] _filledValues;
    private bool _isStepOpen;

    // Whether no key has anything in the window that is open.
    private bool _isGap;

    // The window to fill that is next, or open.
    private long _window;

    public long FilledBytesReserved => _filler?.BytesReserved ?? 0;

    /// <summary>Writes the keys whose windows are filled; nothing where none is.</summary>
    public static void SaveFilled(StateWriter writer, WindowFiring[] shards) =>
        GapFiller.Save(writer, shards[0].WatermarkTicks, Array.ConvertAll(shards, shard => shard._filler));

    /// <summary>Takes over what was saved, once the windows are there.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public static void LoadFilled(StateReader reader, WindowFiring[] shards)
    {
        var watermark = GapFiller.Load(reader, Array.ConvertAll(shards, shard => shard._filler));
        foreach (var shard in shards)
        {
            if (!shard.HasFiredUpTo(watermark))
                throw reader.Invalid($"the windows were not fired up to the watermark {watermark} of their gaps");
            shard.WatermarkTicks = watermark;
        }
    }

    /// <summary>Whether windows of the key are filled, or were and can still be reached.</summary>
    public bool FillsKey(int keyId) => _filler?.Holds(keyId) == true;

    /// <summary>Whether the key's window, which is complete, was filled.</summary>
    public bool HasFilled(OpenWindow window, int keyId) =>
        _filler?.HasFilled(_grid!.FirstWindowEndingAfter(window.Span.EndTicks - 1), keyId) == true;

    public void Dispose() => _filler?.Dispose();

    private bool HasFiredUpTo(long watermark)
    {
        for (var index = 0; _filler is not null && index < _windows.Count; index++)
        {
            if (_windows[index].IsCompleted != _windows[index].Span.EndTicks <= watermark)
                return false;
        }

        return true;
    }

    private int FireAndFill(in FiringStep step, int budget)
    {
        if (!_isStepOpen)
        {
            _window = _grid!.FirstWindowEndingAfter(step.FromTicks);
            _isStepOpen = true;
        }

        if (_windowOpen || OpenGapOrWindow(step.Ticks))
            return FireAndFillKeys(step, budget);
        if (!_filler!.TryForget(step, ref budget))
            return budget;
        _isStepOpen = false;
        End();
        return budget;
    }

    private bool OpenGapOrWindow(long watermark)
    {
        _isGap = _filler!.IsToFill(_window, watermark, NewestSlice) && !HasDueBy(_grid!.WindowEnd(_window));
        if (!_isGap)
        {
            if (!OpenNextWindow(watermark))
                return false;
            if (_onTime)
                _window = _grid!.FirstWindowEndingAfter(_windows[_index].Span.EndTicks - 1);
            return true;
        }

        _windowOpen = true;
        _onTime = true;
        _nextKey = 0;
        return true;
    }

    /// <summary>Whether a window with events ends by then that has not had its turn.</summary>
    private bool HasDueBy(long endTicks)
    {
        for (var index = _index; index < _windows.Count && _windows[index].Span.EndTicks <= endTicks; index++)
        {
            if (!_windows[index].IsCompleted || IsExpired(_windows[index], _steps.Peek().Ticks))
                return true;
        }

        return false;
    }

    private int FireAndFillKeys(in FiringStep step, int budget)
    {
        var window = _isGap ? null : _windows[_index];
        var expired = window is not null && IsExpired(window, step.Ticks);
        for (; budget > 0; budget--)
        {
            var keyId = window?.Table.NextKey(_nextKey) ?? -1;
            var empty = _onTime ? _filler!.NextKey(_nextKey) : -1;
            if (keyId < 0 && empty < 0)
            {
                CloseGapOrWindow(expired);
                return budget;
            }

            if (empty >= 0 && (keyId < 0 || empty < keyId))
            {
                Fill(empty, step);
                _nextKey = empty + 1;
                continue;
            }

            FireKey(window!, keyId, step.Sequence, _onTime ? PaneTiming.OnTime : PaneTiming.Late, expired);
            if (_onTime)
                _filler!.OnFired(keyId, _panes.LastValues, _panes.LastFailureIndex);
            _nextKey = keyId + 1;
        }

        return budget;
    }

    private void CloseGapOrWindow(bool expired)
    {
        if (_onTime)
            _window = _grid!.NextWindow(_window);
        if (_isGap)
            _windowOpen = false;
        else
            CloseWindow(expired);
    }

    private void Fill(int keyId, in FiringStep step)
    {
        var span = new TimeWindow(_grid!.WindowStart(_window), _grid.WindowEnd(_window));
        var flags = _filler!.Flags | (_filler.IsExpired(_window, step) ? ResultFlags.Last : ResultFlags.None);
        var header = HeaderOf(span, step.Sequence, keyId, PaneTiming.OnTime, flags);
        header.FailureIndex = _filler.Fill(keyId, _filledValues, _window, step);
        _context.Counters.WindowsFired++;
        _context.Output.Write(header, _filledValues);
    }
}
