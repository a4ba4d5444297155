namespace DisruptorStream.Expressions.Kernels;

/// <summary>A function of two integers.</summary>
internal interface IIntegerFunction
{
    /// <summary>Returns false where there is no value, as where it does not fit 64 bits.</summary>
    static abstract bool TryApply(long first, long second, out long result);
}
