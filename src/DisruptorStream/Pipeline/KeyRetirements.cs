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

    /// <summary>The clock has moved, and the stages know.</summary>
    public void OnClock(long steadyTicks)
    {
        foreach (var retirement in _ofColumns)
            retirement?.OnClock(steadyTicks);
    }

    /// <summary>The stages have handled a slot that asks for the retirement of a key.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="sequence">Its sequence.</param>
    public void OnSlot(in EventSlot slot, long sequence) => _ofColumns[slot.SourceId]?.OnSlot(slot.KeyId, sequence);

    /// <summary>The stages have handled such a slot, and an event of the key is held: it stays.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="sequence">Its sequence.</param>
    public void Keep(in EventSlot slot, long sequence) => _ofColumns[slot.SourceId]?.Keep(slot.KeyId, sequence);

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
