using DisruptorStream.Pipeline;
using DisruptorStream.Plans;
using DisruptorStream.Saving;
using DisruptorStream.State.Memory.Copying;
using DisruptorStream.Topology.Queries;

namespace DisruptorStream.Topology.State;

/// <summary>Writes all that a processor knows, and says whether what is read is that of an equal plan.</summary>
internal sealed class StateSaver : IStateSaver
{
    private const int Version = 1;

    private readonly UInt128 _layout;
    private readonly Ledger _ledger;
    private readonly IReadOnlyList<QueryParts> _queries;
    private readonly PartActivity _parts;

    /// <param name="plan">Whose fingerprint the state carries.</param>
    /// <param name="ledger">What numbers stand for.</param>
    /// <param name="queries">What the stages of each query keep.</param>
    /// <param name="parts">What is kept for keys beside that.</param>
    public StateSaver(ProcessorPlan plan, Ledger ledger, IReadOnlyList<QueryParts> queries, PartActivity parts)
    {
        _parts = parts;
        _layout = LayoutOf(plan);
        _ledger = ledger;
        _queries = queries;
    }

    public void Save(Stream stream, long sequence) => Save(stream, sequence, _ledger);

    /// <summary>As the other one, with what numbers stand for told by somebody else.</summary>
    public void Save(Stream stream, long sequence, Ledger ledger)
    {
        using var writer = new StateWriter(stream, new StateHeader(_layout, sequence));
        ledger.Save(writer);
        SaveStages(writer, cut: null);
        writer.Complete();
    }

    /// <summary>
    /// Keeps all but what numbers stand for as it is now, to be written later. While no stage moves, and all is
    /// delivered.
    /// </summary>
    public void Cut(StateCut cut) => cut.Take(writer => SaveStages(writer, cut));

    /// <summary>Writes a state that was kept.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="sequence">The slot that it is of.</param>
    /// <param name="ledger">What numbers stand for at that slot.</param>
    /// <param name="cut">All else.</param>
    public void Save(Stream stream, long sequence, Ledger ledger, StateCut cut)
    {
        using var writer = new StateWriter(stream, new StateHeader(_layout, sequence));
        ledger.Save(writer);
        cut.Write(writer);
        writer.Complete();
    }

    /// <summary>Goes through the queries of a saved state, and leaves out those that are gone.</summary>
    /// <param name="plan">Says which queries were saved, and which there are.</param>
    /// <param name="reader">Where from.</param>
    /// <param name="load">Reads the sections of the query with that place in the plan.</param>
    /// <param name="leaveOut">May read some sections of one that is gone; null to read none.</param>
    /// <exception cref="StateException">Another query comes.</exception>
    public static void LoadQueries(
        ProcessorPlan plan, StateReader reader, Action<int> load, Action? leaveOut = null)
    {
        var count = plan.LoadsFrom?.Queries.Count ?? plan.Queries.Count;
        for (var place = 0; place < count; place++)
        {
            var expected = plan.LoadsFrom?.Queries[place].Name ?? plan.Queries[place].Name;
            reader.Begin(SectionTag.Query, Version);
            var name = reader.ReadText();
            if (!string.Equals(name, expected, StringComparison.Ordinal))
                throw reader.Invalid($"the query '{name}' comes where '{expected}' belongs");
            reader.End();
            var query = plan.PlaceOf(name);
            if (query >= 0)
            {
                load(query);
                continue;
            }

            leaveOut?.Invoke();
            reader.SkipQuery();
        }
    }

    /// <summary>What is of no query follows.</summary>
    /// <exception cref="StateException">It does not.</exception>
    public static void EndQueries(StateReader reader)
    {
        reader.Begin(SectionTag.NoQuery, Version);
        reader.End();
    }

    /// <exception cref="StateException">The state is that of another plan.</exception>
    public static void ThrowUnlessOf(ProcessorPlan plan, StateReader saved)
    {
        if (plan.LoadsFrom is null && saved.Header.Layout != LayoutOf(plan))
        {
            throw new StateException(
                $"The saved state is that of another processor than '{plan.Name}': its inputs, windows or aggregates "
                + $"differ ({saved.Header.Layout:x32}, and this one has {LayoutOf(plan):x32}); load it into one that "
                + "is built alike.");
        }
    }

    private static void BeginQuery(StateWriter writer, QueryPlan query)
    {
        writer.Begin(SectionTag.Query, Version);
        writer.WriteText(query.Name);
        writer.End();
    }

    private void SaveStages(StateWriter writer, StateCut? cut)
    {
        foreach (var query in _queries)
        {
            BeginQuery(writer, query.Plan);
            query.State.Assignment.Save(writer);
        }

        for (var query = 0; query < _queries.Count; query++)
        {
            BeginQuery(writer, _queries[query].Plan);
            if (cut is not null)
                cut.Query = query;
            _queries[query].Save(writer);
        }

        writer.Begin(SectionTag.NoQuery, Version);
        writer.End();
        _parts.Save(writer);
    }

    private static UInt128 LayoutOf(ProcessorPlan plan)
    {
        var fingerprint = plan.Fingerprint;
        return new UInt128(fingerprint.High, fingerprint.Low);
    }
}
