using DisruptorStream.State.Firing;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Slices;

/// <content>Fires windows together with those of keys that have nothing in them, in the order of the keys.</content>
internal sealed unsafe partial class SliceFiring
{
    /// <summary>Whether the next window is complete and there are keys to fill it for.</summary>
    private bool FindWindowToFill(long watermark, out int index)
    {
        index = 0;
        if (_filler?.IsToFill(_window, watermark, _store.NewestSlice) != true)
            return false;
        index = _store.Slices.FirstAtOrAfter(_grid.FirstSliceOf(_window));
        return true;
    }

    private int FireAndFill(in FiringStep step, int budget)
    {
        var last = _store.IsExpired(_grid.WindowEnd(_window), step.Ticks);
        var header = _store.HeaderOf(step.Sequence, _window, PaneTiming.OnTime, last);
        var sizeTicks = _grid.WindowTicks(_window);
        while (budget > 0)
        {
            var count = GatherAlike(Math.Min(budget, PaneGroup.Capacity), out var isFilled);
            if (count == 0)
            {
                CloseWindow();
                return budget;
            }

            _panes.Headers[0] = header;
            if (isFilled)
            {
                _panes.Headers[0].Flags |= _filler!.Flags;
                _filler.Fill(_panes, _window, step);
            }
            else
            {
                _plan.ReadEach(_records, new(in sizeTicks), _panes.Values, _panes.FailureIndexes[..count]);
                _filler!.OnFired(_panes);
            }

            _store.Context.Counters.WindowsFired += count;
            _store.Context.Output.Write(_panes);
            budget -= count;
        }

        return budget;
    }

    /// <summary>Finds the next keys of which all have state in the open window, or none has.</summary>
    private int GatherAlike(int most, out bool isFilled)
    {
        var count = 0;
        isFilled = false;
        for (; count < most; count++)
        {
            var keyId = _table is null ? _keys.NextKey(_nextKey) : _table.NextKey(_nextKey);
            var empty = _filler!.NextKey(_nextKey);
            var isEmpty = empty >= 0 && (keyId < 0 || empty < keyId);
            if ((keyId < 0 && empty < 0) || (count > 0 && isEmpty != isFilled))
                break;
            isFilled = isEmpty;
            if (isEmpty)
                keyId = empty;
            else
                _records[count] = RecordOf(keyId, count);
            _panes.KeyIds[count] = keyId;
            _nextKey = keyId + 1;
        }

        return _panes.Count = count;
    }

    private nint RecordOf(int keyId, int place) => (nint)(_table is null
        ? _store.Folds.Fold(keyId, _folded + (place * _plan.RecordBytes))
        : _table.Find(keyId));
}
