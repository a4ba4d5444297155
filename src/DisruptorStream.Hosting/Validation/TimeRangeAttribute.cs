using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace DisruptorStream.Hosting.Validation;

/// <summary>A time within a range, or at least of some length; the message names option, value and range.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TimeRangeAttribute : ValidationAttribute
{
    public TimeRangeAttribute(string least, string? most = null)
    {
        Least = least;
        Most = most;
    }

    public string Least { get; }

    public string? Most { get; }

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var least = TimeSpan.Parse(Least, CultureInfo.InvariantCulture);
        var most = Most is null ? TimeSpan.MaxValue : TimeSpan.Parse(Most, CultureInfo.InvariantCulture);
        if (value is not TimeSpan time || (time >= least && time <= most))
            return ValidationResult.Success;
        var range = Most is null ? $"at least {least}" : $"between {least} and {most}";
        return new ValidationResult($"{validationContext.DisplayName} must be {range}; it was {time}.");
    }
}
