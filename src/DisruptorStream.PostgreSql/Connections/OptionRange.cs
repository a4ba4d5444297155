namespace DisruptorStream.PostgreSql.Connections;

/// <summary>Checks options that have a least and a greatest value.</summary>
internal static class OptionRange
{
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public static T Checked<T>(T value, T least, T most, string option)
        where T : IComparable<T> => value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"{option} must be {least} to {most}.");
}
