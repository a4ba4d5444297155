using DisruptorStream.State.Panes;

namespace DisruptorStream.Emission.Merging;

/// <summary>Where merged rows go. The face of the delivery that does not know the type of the keys.</summary>
/// <remarks>One emitting thread calls it.</remarks>
internal abstract class ResultOutput
{
    /// <summary>The sequence of the first row that is not delivered yet; long.MaxValue where none is held.</summary>
    public virtual long HeldSequence => long.MaxValue;

    /// <summary>
    /// Copies a row, in result order; delivers when a batch is full, or when the kind of the rows changes.
    /// </summary>
    /// <param name="header">The row's fixed part.</param>
    /// <param name="values">At least as many values as the kind of row has; what lies behind them is ignored.</param>
    public abstract void Add(in ResultHeader header, ReadOnlySpan<long> values);

    /// <summary>Copies panes, in result order; delivers whenever a batch is full.</summary>
    public virtual void Add(PaneGroup panes)
    {
        for (var pane = 0; pane < panes.Count; pane++)
            Add(panes.HeaderOf(pane), panes.ValuesOf(pane));
    }

    /// <summary>Delivers what is pending. Cheap when nothing is.</summary>
    public abstract void Flush();

    /// <summary>All rows up to this sequence have been added and flushed. Cheap where nobody wants to know.</summary>
    public virtual void Advance(long sequence)
    {
    }

    /// <summary>Somebody waits until all up to this sequence is where it belongs.</summary>
    public virtual void FlushSinks(long sequence)
    {
    }
}
