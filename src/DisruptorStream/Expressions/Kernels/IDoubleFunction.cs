namespace DisruptorStream.Expressions.Kernels;

/// <summary>A function of a double; what has no value is NaN or infinite.</summary>
internal interface IDoubleFunction
{
    static abstract double Apply(double value);
}
