using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace DisruptorStream.Hosting.Validation;

/// <summary>A time within a range, or at least of some length; the message names option, value and range.</summary>
internal sealed class TimeRangeAttribute : OptionValueAttribute
{
    public TimeRangeAttribute(string least, string? most = null)
    {
        Least = least;
        Most = most;
    }

    public string Least { get; }

    public string? Most { get; }

    public override string Allowed => Most is null
        ? $"at least {TimeSpan.Parse(Least, CultureInfo.InvariantCulture)}"
        : $"between {TimeSpan.Parse(Least, CultureInfo.InvariantCulture)} and "
            + $"{TimeSpan.Parse(Most, CultureInfo.InvariantCulture)}";

    public override string AllowedText =>
        $"a time, written as [days.]hours:minutes:seconds, such as 00:00:30, and {Allowed}";

    /// <summary>
    /// A number alone would be days, 24:00:00 as well, and 00:30 half an hour: hardly anybody means that.
    /// </summary>
    public override bool CanRead(string text) => text.AsSpan().Count(':') == 2
        && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out _);

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var least = TimeSpan.Parse(Least, CultureInfo.InvariantCulture);
        var most = Most is null ? TimeSpan.MaxValue : TimeSpan.Parse(Most, CultureInfo.InvariantCulture);
        if (value is not TimeSpan time || (time >= least && time <= most))
            return ValidationResult.Success;
        return new ValidationResult($"{validationContext.DisplayName} must be {Allowed}; it was {time}.");
    }
}
