using System.Numerics;
using System.Runtime.CompilerServices;

namespace DisruptorStream;

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
        InRange(value, least, most, option);
        if (!BitOperations.IsPow2(value))
            throw new ArgumentOutOfRangeException(option, value, $"{option} must be a power of two; it was {value}.");

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
}
