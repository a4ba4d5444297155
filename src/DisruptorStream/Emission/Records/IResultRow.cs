namespace DisruptorStream.Emission.Records;

/// <summary>
/// A type that can be filled from results. Written by the source generator: <see cref="ResultRowAttribute"/>.
/// </summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public interface IResultRow<TSelf, TKey>
    where TSelf : IResultRow<TSelf, TKey>
{
    /// <summary>The members that hold metrics. Asked once for each binding.</summary>
    static abstract ResultRowColumn[] DescribeColumns();

    /// <summary>
    /// The names that the parts of the key must have, in order: compared as those of metrics are. Empty where any will
    /// do. Asked once for each binding.
    /// </summary>
    static virtual string[] DescribeKey() => [];

    /// <summary>Makes a row of a result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="columns">Where in the result the metric of each described member is.</param>
    static abstract TSelf Read(in WindowResult<TKey> result, ReadOnlySpan<int> columns);
}
