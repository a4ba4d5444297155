using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Logic;

/// <summary>For each row the value of the first branch whose condition is true; else another one, or null.</summary>
internal sealed class Choice : Kernel
{
    private readonly BooleanColumn[] _conditions;
    private readonly Column[] _values;
    private readonly Column? _otherwise;

    /// <param name="conditions">The conditions of the branches, in order.</param>
    /// <param name="values">Their values, all of the type of the output.</param>
    /// <param name="otherwise">The value where none holds; null for null.</param>
    /// <param name="output">An empty column of that type.</param>
    public Choice(BooleanColumn[] conditions, Column[] values, Column? otherwise, Column output)
    {
        _conditions = conditions;
        _values = values;
        _otherwise = otherwise;
        Output = output;
    }

    public override Column Output { get; }

    public override bool CanBeNull(bool operandsCan)
    {
        var can = _otherwise is null or { CanBeNull: true };
        foreach (var value in _values)
            can |= value.CanBeNull;
        return can;
    }

    public override void Run(int count)
    {
        for (var word = 0; word < Column.WordsFor(count); word++)
        {
            var open = Column.RowsOf(word, count);
            for (var branch = 0; branch < _conditions.Length && open != 0; branch++)
            {
                var taken = _conditions[branch].Trues[word] & open;
                if (taken == 0)
                    continue;
                Output.CopyFrom(_values[branch], word, taken);
                open &= ~taken;
            }

            if (_otherwise is null)
                SetNull(word, open);
            else if (open != 0)
                Output.CopyFrom(_otherwise, word, open);
        }
    }

    private void SetNull(int word, ulong rows)
    {
        Output.Nulls[word] |= rows;
        if (Output is BooleanColumn truths)
            truths.Trues[word] &= ~rows;
    }
}
