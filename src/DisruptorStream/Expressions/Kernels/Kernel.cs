using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels;

/// <summary>One step of a program: makes a column of others, for the rows of a batch.</summary>
/// <remarks>
/// Total: whatever the values, it makes a value or null and throws nothing. So all branches of a case may run for all
/// rows, and nothing of those that are not taken is seen.
/// </remarks>
internal abstract class Kernel
{
    /// <summary>The column that it makes.</summary>
    public abstract Column Output { get; }

    /// <summary>Whether the output may be null, given whether an operand may.</summary>
    public virtual bool CanBeNull(bool operandsCan) => true;

    /// <summary>Makes the first rows anew.</summary>
    public abstract void Run(int count);
}
