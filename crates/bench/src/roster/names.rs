//! Names of people and places, the common ones first.

/// Given names.
#[rustfmt::skip]
pub(super) const FIRST_NAMES: &[&str] = &[
    "James", "Maria", "Robert", "Jennifer", "Michael", "Linda", "David", "Elizabeth", "William", "Susan", "Jose",
    "Karen", "Thomas", "Lisa", "Carlos", "Nancy", "Daniel", "Sandra", "Matthew", "Ashley", "Anthony", "Emily",
    "Mark", "Donna", "Steven", "Michelle", "Paul", "Carol", "Andrew", "Amanda", "Joshua", "Melissa", "Kenneth",
    "Deborah", "Kevin", "Stephanie", "Brian", "Rebecca", "George", "Sharon", "Timothy", "Laura", "Ronald", "Cynthia",
    "Edward", "Kathleen", "Jason", "Amy", "Jeffrey", "Angela", "Ryan", "Shirley", "Jacob", "Anna", "Gary", "Brenda",
    "Nicholas", "Pamela", "Eric", "Emma", "Jonathan", "Nicole", "Stephen", "Helen", "Larry", "Samantha", "Justin",
    "Katherine", "Scott", "Christine", "Brandon", "Rachel", "Luis", "Carolyn", "Miguel", "Janet", "Juan",
    "Catherine", "Antonio", "Heather", "Francisco", "Diane", "Alejandro", "Olivia", "Dmitri", "Nguyet", "Minh",
    "Thuy", "Hiroshi", "Keiko", "Björn", "Søren", "Zoë", "Noémie", "José", "René", "Amélie", "Łukasz", "Siobhán",
    "Malik", "Aaliyah", "Tyrone", "Latoya", "Ahmed", "Fatima", "Omar", "Yasmin", "Kwame", "Ngozi",
];

/// Family names.
#[rustfmt::skip]
pub(super) const SURNAMES: &[&str] = &[
    "Garcia", "Smith", "Johnson", "Williams", "Brown", "Jones", "Miller", "Davis", "Rodriguez", "Martinez",
    "Hernandez", "Lopez", "Gonzalez", "Wilson", "Anderson", "Thomas", "Taylor", "Moore", "Jackson", "Martin", "Lee",
    "Perez", "Thompson", "White", "Harris", "Sanchez", "Clark", "Ramirez", "Lewis", "Robinson", "Walker", "Young",
    "Allen", "King", "Wright", "Scott", "Torres", "Nguyen", "Hill", "Flores", "Green", "Adams", "Nelson", "Baker",
    "Hall", "Rivera", "Campbell", "Mitchell", "Carter", "Roberts", "Gomez", "Phillips", "Evans", "Turner", "Diaz",
    "Parker", "Cruz", "Edwards", "Collins", "Reyes", "Stewart", "Morris", "Morales", "Murphy", "Cook", "Rogers",
    "Gutierrez", "Ortiz", "Morgan", "Cooper", "Peterson", "Bailey", "Reed", "Kelly", "Howard", "Ramos", "Kim", "Cox",
    "Ward", "Richardson", "Watson", "Brooks", "Chavez", "Wood", "James", "Bennett", "Gray", "Mendoza", "Ruiz",
    "Hughes", "Price", "Alvarez", "Castillo", "Sanders", "Patel", "Myers", "Long", "Ross", "Foster", "Jimenez",
    "Powell", "Jenkins", "Perry", "Russell", "Sullivan", "Bell", "Coleman", "Butler", "Henderson", "Barnes",
    "Fisher", "Vasquez", "Simmons", "Romero", "Jordan", "Patterson", "Alexander", "Hamilton", "Graham", "Reynolds",
    "Griffin", "Wallace", "Moreno", "West", "Cole", "Hayes", "Bryant", "Herrera", "Gibson", "Ellis", "Tran",
    "Medina", "Aguilar", "Stevens", "Murray", "Ford", "Castro", "Marshall", "Owens", "Harrison", "Fernandez",
    "McDonald", "Woods", "Washington", "Kennedy", "Wells", "Vargas", "Henry", "Chen", "Freeman", "Webb", "Tucker",
    "Guzman", "Burns", "Crawford", "Olson", "Simpson", "Porter", "Hunter", "Gordon", "Mendez", "Silva", "Shaw",
    "Snyder", "Mason", "Dixon", "Muñoz", "Hunt", "Hicks", "Holmes", "Palmer", "Wagner", "Black", "Robertson", "Boyd",
    "Rose", "Stone", "Salazar", "Fox", "Warren", "Mills", "Meyer", "Rice", "Schmidt", "Garza", "Daniels", "Ferguson",
    "Nichols", "Stephens", "Soto", "Weaver", "Ryan", "Gardner", "Payne", "Grant", "Dunn", "Kelley", "Spencer",
    "Hawkins", "Arnold", "Pierce", "Hansen", "Peters", "Santos", "Hart", "Bradley", "Knight", "Elliott",
    "Cunningham", "Duncan", "Armstrong", "Hudson", "Carroll", "Lane", "Riley", "Andrews", "Alvarado", "Ray",
    "Delgado", "Berry", "Perkins", "Hoffman", "Johnston", "Matthews", "Peña", "Richards", "Contreras", "Willis",
    "Carpenter", "Lawrence", "Sandoval", "Guerrero", "George", "Chapman", "Rios", "Estrada", "Ortega", "Watkins",
    "Greene", "Nuñez", "Wheeler", "Valdez", "Harper", "Burke", "Larson", "Santiago", "Maldonado", "Morrison",
    "Franklin", "Carlson", "Austin", "Dominguez", "Carr", "Lawson", "Jacobs", "O'Brien", "Lynch", "Singh", "Vega",
    "Bishop", "Montgomery", "Oliver", "Jensen", "Harvey", "Williamson", "Gilbert", "Dean", "Sims", "Espinoza",
    "Howell", "Li", "Wong", "Reid", "Hanson", "Le", "McCoy", "Garrett", "Burton", "Fuller", "Wang", "Weber", "Welch",
    "Rojas", "Lucas", "Marquez", "Fields", "Park", "Yang", "Little", "Banks", "Padilla", "Day", "Walsh", "Bowman",
    "Schultz", "Luna", "Fowler", "Mejia", "O'Connor", "Åkerström", "Öztürk", "Dvořák", "Kowalski", "Ivanova",
    "Björklund", "D'Angelo", "Smith-Rivera", "Nakamura", "Okafor", "Mbeki", "Haddad",
];

/// Streets.
#[rustfmt::skip]
pub(super) const STREETS: &[&str] = &[
    "Alder Street", "Pine Avenue", "Rainier Avenue", "Harbor Way", "4th Avenue", "Marginal Way", "Cedar Lane",
    "Union Street", "Denny Way", "Spring Street", "Orcas Street", "Madison Street",
];

/// Cities with a postal code of theirs.
pub(super) const CITIES: &[(&str, &str)] = &[
    ("Seattle", "98101"),
    ("Tacoma", "98402"),
    ("Kent", "98032"),
    ("Everett", "98201"),
    ("Renton", "98055"),
    ("Bellevue", "98004"),
    ("Auburn", "98001"),
    ("Burien", "98148"),
    ("Bremerton", "98310"),
    ("Olympia", "98501"),
    ("Lynnwood", "98036"),
    ("Federal Way", "98003"),
];
