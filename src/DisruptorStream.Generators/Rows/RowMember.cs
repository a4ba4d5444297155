using System;

namespace DisruptorStream.Generators.Rows;

/// <summary>A member of a row, and what it gets.</summary>
internal sealed class RowMember : IEquatable<RowMember>
{
    public RowMember(string name, string source, string? metric, bool isMetric, bool isSetBehind)
    {
        Name = name;
        Source = source;
        Metric = metric;
        IsMetric = isMetric;
        IsSetBehind = isSetBehind;
    }

    /// <summary>Its name, escaped where it is a word of the language.</summary>
    public string Name { get; }

    /// <summary>The member of the result, or the type of the metric.</summary>
    public string Source { get; }

    /// <summary>The name of the metric where an attribute gives it.</summary>
    public string? Metric { get; }

    public bool IsMetric { get; }

    /// <summary>Whether it is set behind the constructor.</summary>
    public bool IsSetBehind { get; }

    public bool Equals(RowMember? other) =>
        other is not null
        && (Name, Source, Metric, IsMetric, IsSetBehind).Equals(
            (other.Name, other.Source, other.Metric, other.IsMetric, other.IsSetBehind));

    public override bool Equals(object? obj) => Equals(obj as RowMember);

    public override int GetHashCode() => (Name, Source).GetHashCode();
}
