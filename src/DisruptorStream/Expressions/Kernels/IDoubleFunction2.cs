namespace DisruptorStream.Expressions.Kernels;

/// <summary>A function of two doubles; what has no value is NaN or infinite.</summary>
internal interface IDoubleFunction2
{
    static abstract double Apply(double first, double second);
}
