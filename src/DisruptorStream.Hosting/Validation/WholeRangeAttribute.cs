using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Numerics;

namespace DisruptorStream.Hosting.Validation;

/// <summary>A whole number within a range; the message names option, value and range.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WholeRangeAttribute : ValidationAttribute
{
    public WholeRangeAttribute(int least, int most)
    {
        Least = least;
        Most = most;
    }

    public int Least { get; }

    public int Most { get; }

    public bool PowerOfTwo { get; set; }

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is not int number)
            return ValidationResult.Success;
        if (number >= Least && number <= Most && (!PowerOfTwo || BitOperations.IsPow2(number)))
            return ValidationResult.Success;
        var kind = PowerOfTwo ? "a power of two " : "";
        return new ValidationResult(string.Create(
            CultureInfo.InvariantCulture,
            $"{validationContext.DisplayName} must be {kind}between {Least} and {Most}; it was {number}."));
    }
}
