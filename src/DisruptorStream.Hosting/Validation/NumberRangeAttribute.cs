using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace DisruptorStream.Hosting.Validation;

/// <summary>A number within a range; the message names option, value and range.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NumberRangeAttribute : ValidationAttribute
{
    public NumberRangeAttribute(double least, double most)
    {
        Least = least;
        Most = most;
    }

    public double Least { get; }

    public double Most { get; }

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is not double number || (number >= Least && number <= Most))
            return ValidationResult.Success;
        return new ValidationResult(string.Create(
            CultureInfo.InvariantCulture,
            $"{validationContext.DisplayName} must be between {Least} and {Most}; it was {number}."));
    }
}
