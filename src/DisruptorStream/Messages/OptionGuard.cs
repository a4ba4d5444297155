using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace DisruptorStream.Messages;

/// <summary>Checks options as they are set; each message names the option, the value and the range.</summary>
internal static class OptionGuard
{
    public static TimeSpan AtLeastZero(TimeSpan value, [CallerMemberName] string option = "")
    {
        if (value < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(option, value, $"{option} must be zero or more; it was {value}.");

        return value;
    }

    public static T InRange<T>(T value, T least, T most, [CallerMemberName] string option = "")
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            throw new ArgumentOutOfRangeException(
                option, value, $"{option} must be between {least} and {most}; it was {value}.");
        }

        return value;
    }

    public static double PositiveFinite(double value, [CallerMemberName] string option = "")
    {
        if (!(value > 0) || double.IsInfinity(value))
        {
            throw new ArgumentOutOfRangeException(
                option, value, $"{option} must be a finite number above 0; it was {value}.");
        }

        return value;
    }

    public static int PowerOfTwo(int value, int least, int most, [CallerMemberName] string option = "")
    {
        if (value < least || value > most || !BitOperations.IsPow2(value))
        {
            throw new ArgumentOutOfRangeException(
                option, value, $"{option} must be a power of two between {least} and {most}; it was {value}.");
        }

        return value;
    }

    public static T Defined<T>(T value, [CallerMemberName] string option = "")
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentOutOfRangeException(
                option, value, $"{option} must be one of {string.Join(", ", Enum.GetNames<T>())}; it was {value}.");
        }

        return value;
    }

    /// <summary>Refuses what is no percentile, with what is meant.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// It is not 0 to 100; or it lies between 0 and 1, as a quantile does.
    /// </exception>
    public static double Percentile(double percentile, string name)
    {
        if (percentile is 0 or >= 1 and <= 100)
            return percentile;
        var advice = percentile is > 0 and < 1
            ? string.Create(CultureInfo.InvariantCulture, $"; did you mean {(decimal)percentile * 100:0.############}?")
            : ".";
        throw new ArgumentOutOfRangeException(name, percentile, string.Create(
            CultureInfo.InvariantCulture,
            $"A percentile must be 0, or from 1 to 100 (99.9, for example); it was {percentile}{advice}"));
    }
}
