using DisruptorStream.Plans;
using DisruptorStream.Saving;
using DisruptorStream.State;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology;

/// <summary>When the keys were active for which no query keeps state, as others are only made of them.</summary>
internal sealed class PartActivity
{
    private readonly Ledger _ledger;
    private readonly KeyActivity?[] _ofColumns;

    /// <param name="plan">Which keys queries group by.</param>
    /// <param name="ledger">The keys.</param>
    public PartActivity(ProcessorPlan plan, Ledger ledger)
    {
        _ledger = ledger;
        _ofColumns = new KeyActivity?[ledger.Columns.Count];
        for (var column = 0; column < _ofColumns.Length; column++)
            _ofColumns[column] = new KeyActivity();
        foreach (var query in plan.Queries)
            _ofColumns[query.KeyColumn] = null;
    }

    /// <summary>That of a column; null where queries keep state for its keys.</summary>
    public KeyActivity? Of(int column) => _ofColumns[column];

    /// <summary>Writes all, in the order of the columns.</summary>
    public void Save(StateWriter writer)
    {
        foreach (var activity in _ofColumns)
        {
            if (activity is not null)
                KeyActivity.Save(writer, [activity]);
        }
    }

    /// <summary>Takes over what was saved. Before the first slot.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader)
    {
        for (var column = 0; column < _ofColumns.Length; column++)
        {
            if (_ofColumns[column] is not { } activity)
                continue;
            reader.KeyRange = _ledger.Columns[column].Lifetime.IdRange;
            KeyActivity.Load(reader, [activity]);
        }
    }
}
