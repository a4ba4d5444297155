using DisruptorStream.Expressions.Columns;
using DisruptorStream.Expressions.Kernels;
using DisruptorStream.Expressions.Kernels.Conversions;

namespace DisruptorStream.Expressions.Binding;

/// <summary>An expression that is ready to run: names and types are checked, and every column has its memory.</summary>
/// <remarks>
/// Steps in an order in which each finds its operands; none runs twice. Running allocates nothing but longer texts
/// than there were before. One thread uses an instance.
/// </remarks>
internal sealed class BoundExpression
{
    private readonly Kernel[] _steps;

    public BoundExpression(Column result, Kernel[] steps, IReadOnlyList<UnreadCells> unread)
    {
        Result = result;
        _steps = steps;
        Unread = unread;
    }

    /// <summary>Its values, of the rows that ran last.</summary>
    public Column Result { get; }

    public ExpressionType Type => Result.Type;

    /// <summary>For each column without a type and each use of it, the cells that did not suit.</summary>
    public IReadOnlyList<UnreadCells> Unread { get; }

    /// <summary>Finds the values of the first rows of the columns that it names.</summary>
    public void Run(int count)
    {
        foreach (var step in _steps)
            step.Run(count);
    }
}
