using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Binding;

/// <summary>The columns that an expression may name.</summary>
internal interface IColumnScope
{
    /// <summary>How many rows a batch has at most.</summary>
    int Capacity { get; }

    /// <summary>The column of a name; null where there is none.</summary>
    Column? Find(string name);

    /// <summary>What to say of a name that is not there: which are, and which may have been meant.</summary>
    string Describe(string name);
}
