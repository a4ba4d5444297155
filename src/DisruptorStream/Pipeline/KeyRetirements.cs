using DisruptorStream.Events;

namespace DisruptorStream.Pipeline;

/// <summary>Gives idle keys up, for the stages that one thread runs: those of each column of keys.</summary>
/// <remarks>The thread that runs the stages owns it.</remarks>
internal sealed class KeyRetirements
{
    private readonly KeyRetirement?[] _ofColumns;

    /// <param name="ofColumns">One for each column; null for keys that are kept.</param>
    public KeyRetirements(params KeyRetirement?[] ofColumns) => _ofColumns = ofColumns;

    /// <summary>Whether a pass over the keys is under way.</summary>
    public bool IsActive
    {
        get
        {
            foreach (var retirement in _ofColumns)
            {
                if (retirement is { IsActive: true })
                    return true;
            }

            return false;
        }
    }

    /// <summary>
    /// The stages have handled a run: where the clock has moved in it, a pass may be due; where it asks for the
    /// retirement of a key, it is decided on.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="view">Slots, those of the run among them.</param>
    public unsafe void OnRun(in EventRun run, in EventView view)
    {
        if (run.Kind == RunKind.Clock)
        {
            foreach (var retirement in _ofColumns)
                retirement?.OnClock(run.SteadyTicks);
        }
        else if (run.Kind is RunKind.KeyRetiring or RunKind.KeyKept)
        {
            ref readonly var slot = ref view.Slots[(int)(run.FirstSequence - view.FirstSequence)];
            if (run.Kind == RunKind.KeyRetiring)
                _ofColumns[slot.SourceId]?.OnSlot(slot.KeyId, run.FirstSequence);
            else
                _ofColumns[slot.SourceId]?.Keep(slot.KeyId, run.FirstSequence);
        }
    }

    /// <summary>Goes on with the passes that are under way. Never blocks.</summary>
    public void Step()
    {
        foreach (var retirement in _ofColumns)
        {
            if (retirement is { IsActive: true })
                retirement.Step();
        }
    }
}
