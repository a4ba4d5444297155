using DisruptorStream.Aggregation;
using DisruptorStream.Plans;

namespace DisruptorStream.Topology.Durable.Opening;

/// <summary>How many texts the tables of a plan had before a recovery, which adds some.</summary>
/// <remarks>
/// A recovery that is refused leaves the tables as they were: what it has read may be other texts than the journal
/// has, and their numbers would be refused when the program tries again.
/// </remarks>
internal sealed class SymbolMarks
{
    private readonly List<(SymbolTable Table, int Count)> _marks = [];

    /// <param name="plan">Says which measures are symbols.</param>
    public SymbolMarks(ProcessorPlan plan)
    {
        foreach (var input in plan.Inputs)
        {
            foreach (var measure in input.Rules.Measures)
            {
                if (measure.Symbols is { } table)
                    _marks.Add((table, table.Count));
            }
        }
    }

    /// <summary>Takes away what has come since, but for tables that other processors write to their journals.</summary>
    public void Restore()
    {
        foreach (var (table, count) in _marks)
            table.ForgetBehind(count);
    }
}
